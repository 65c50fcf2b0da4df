using System.CommandLine;
using System.Net;
using System.Text.Json;
using Orleans.Inference.Bench.Load.Client;
using Orleans.Inference.Bench.Load.Runs;
using Orleans.Inference.Bench.Load.Servers;

var port = new Option<int>("--port") { Description = "port on 127.0.0.1", Required = true };
var rate = new Option<double>("--rate") { Description = "requests a second, Poisson; 0 = as fast as 64 at once allow" };
var tokens = new Option<int>("--tokens") { Description = "prompt tokens of 4 characters", DefaultValueFactory = _ => 200 };
var seconds = new Option<int>("--seconds") { Description = "measured time of each case", DefaultValueFactory = _ => 8 };
var only = new Option<string?>("--only") { Description = "only cases whose name contains this, e.g. '10 servers, 200 tokens' or 'idle 1000'" };
var output = new Option<string>("--output") { Description = "folder of the tables", DefaultValueFactory = _ => Path.Combine("bench", "results") };

var client = new Command("client", "plays Envoy against an ext_proc server and prints figures as JSON") { port, rate, tokens, seconds };
client.SetAction(parse =>
{
    var warm = TimeSpan.FromSeconds(2);
    var duration = TimeSpan.FromSeconds(parse.GetValue(seconds));

    // The benchmark reads these two lines to measure the server's CPU over the same time.
    using var begin = new Timer(_ => Console.WriteLine("begin"), null, warm, Timeout.InfiniteTimeSpan);
    using var end = new Timer(_ => Console.WriteLine("end"), null, warm + duration, Timeout.InfiniteTimeSpan);
    var figures = LoadRun.Run(new IPEndPoint(IPAddress.Loopback, parse.GetValue(port)), parse.GetValue(rate), 64, parse.GetValue(tokens), warm, duration);
    Console.WriteLine(JsonSerializer.Serialize(figures));
});

var bare = new Command("bare-kestrel", "serves the floor: a bare Kestrel HTTP/2 handler that moves the same bytes") { port };
bare.SetAction((parse, stop) => BareKestrel.RunAsync(parse.GetValue(port), stop));

var run = new Command("run", "runs all cases and writes the tables") { seconds, only, output };
run.SetAction(parse => new BenchRun(parse.GetValue(seconds), parse.GetValue(only), parse.GetValue(output)!).Run());

return await new RootCommand("Benchmarks of the ext_proc path, end to end in separate processes") { client, bare, run }.Parse(args).InvokeAsync();
