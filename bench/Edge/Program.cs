// The ext_proc edge with a handler that only answers: what HTTP/2, gRPC framing and the transport cost without the picking.
//
//   dotnet run -c Release --project bench/Edge -- [PORT] [--tls]
//
// and from another process: $EPPLOAD flat -target 127.0.0.1:PORT -pid PID
using System.Globalization;
using Orleans.Inference.Bench.Edge;
using Orleans.Inference.ExtProcGateway.Edge;
using Orleans.Inference.ExtProcGateway.Hosting;

InlineSockets.Prefer();
var options = new GatewayOptions
{
    GrpcPort = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0,
    SecureServing = args.Contains("--tls"),
};
using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information).AddSimpleConsole());
await using var edge = new ExtProcEdge(options, new AnsweringService(), TimeProvider.System, loggers);
await edge.StartAsync(CancellationToken.None);
Console.WriteLine($"port {edge.Port} pid {Environment.ProcessId}");

var stop = new TaskCompletionSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.TrySetResult();
};
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.TrySetResult();
});
await stop.Task;
Console.WriteLine($"collections {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)}, allocated {GC.GetTotalAllocatedBytes() >> 20} MiB");
