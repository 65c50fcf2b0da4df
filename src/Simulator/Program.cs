using System.CommandLine;
using Orleans.Inference.Simulator.ModelServer;

var root = new RootCommand("Simulates the surroundings of the endpoint picker: model servers, a proxy, and load.")
{
    ModelServerCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
