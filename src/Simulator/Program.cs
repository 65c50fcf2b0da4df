using System.CommandLine;
using Orleans.Inference.Simulator.Load;
using Orleans.Inference.Simulator.ModelServer;
using Orleans.Inference.Simulator.Proxy;

var root = new RootCommand("Simulates the surroundings of the endpoint picker: model servers, a proxy, and load.")
{
    ModelServerCommand.Create(),
    ProxyCommand.Create(),
    LoadCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
