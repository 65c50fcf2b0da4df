using System.CommandLine;
using System.Net;
using System.Text.Json;
using Orleans.Inference.Bench.Load.Client;
using Orleans.Inference.Bench.Load.Runs;
using Orleans.Inference.Bench.Load.Servers;

var port = new Option<int>("--port") { Description = "port on 127.0.0.1", Required = true };
var rate = new Option<double>("--rate") { Description = "requests a second, Poisson; 0 = as fast as 64 at once allow" };
var tokens = new Option<int>("--tokens") { Description = "prompt tokens of 4 characters", DefaultValueFactory = _ => 200 };
var chunks = new Option<int>("--chunks") { Description = "chunks of each response, a stream of events; 0 = one response that is no stream" };
var atOnce = new Option<bool>("--at-once") { Description = "send all chunks of a response at once, not each when the one before has been answered" };
var streams = new Option<int>("--streams") { Description = "instead of a rate: so many exchanges that wait for their responses until a line comes on standard input" };
var seconds = new Option<int>("--seconds") { Description = "measured time of each case", DefaultValueFactory = _ => 8 };
var only = new Option<string?>("--only") { Description = "only cases whose name contains this, e.g. '10 servers, 200 tokens', 'chunks', 'open streams' or 'idle 1000'" };
var output = new Option<string>("--output") { Description = "folder of the tables", DefaultValueFactory = _ => Path.Combine("bench", "results") };

var client = new Command("client", "plays Envoy against an ext_proc server and prints figures as JSON") { port, rate, tokens, chunks, atOnce, streams, seconds };
client.SetAction(parse =>
{
    // The benchmark reads «begin» and «end» to measure the server over the same time.
    var load = new LoadRun(new IPEndPoint(IPAddress.Loopback, parse.GetValue(port)), parse.GetValue(tokens));
    var begin = () => Console.WriteLine("begin");
    var end = () => Console.WriteLine("end");
    var figures = parse.GetValue(streams) is > 0 and var held
        ? load.Hold(held, () =>
        {
            begin();
            Console.ReadLine();
        })
        : load.Run(parse.GetValue(rate), 64, parse.GetValue(chunks), parse.GetValue(atOnce), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(parse.GetValue(seconds)), begin, end);
    Console.WriteLine(JsonSerializer.Serialize(figures));
});

var bare = new Command("bare-kestrel", "serves the floor: a bare Kestrel HTTP/2 handler that moves the same bytes") { port };
bare.SetAction((parse, stop) => BareKestrel.RunAsync(parse.GetValue(port), stop));

var run = new Command("run", "runs all cases and writes the tables") { seconds, only, output };
run.SetAction(parse => new BenchRun(parse.GetValue(seconds), parse.GetValue(only), parse.GetValue(output)!).Run());

return await new RootCommand("Benchmarks of the ext_proc path, end to end in separate processes") { client, bare, run }.Parse(args).InvokeAsync();
