using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Protocol;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.Tracing;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>What all calls of a fuzz run share: the product's own parts, with a clock that stands still.</summary>
internal sealed class StreamMachine : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Director _director;
    private readonly GatewayMetrics _metrics;
    private readonly ExtProcServices _services;

    public StreamMachine()
    {
        var options = new GatewayOptions { Seed = 1, MaxRequestBodySize = 8 * 1024, EmitEndpointScores = true };
        _metrics = new GatewayMetrics(_meters.GetRequiredService<IMeterFactory>());
        var configuration = ConfigurationSource.LoadDefault(options, _time);
        var active = new ActiveConfiguration(new ServingConfiguration(configuration, new RequestRoutes(ParserTypes.All, new ModelNames(), NullLogger.Instance)));
        _director = new Director(active, _time, options);
        var registry = Prometheus.Metrics.NewCustomRegistry();
        var requests = new RequestMetrics(registry);
        _services = new ExtProcServices(
            _director,
            active,
            options,
            _metrics,
            requests,
            new PickerMetrics(registry, requests, new PoolRegistry(options, _time), options),
            new OpenCalls(),
            RequestTracing.Off,
            _time,
            NullLogger<ExtProcService>.Instance);
    }

    public PoolState Pool { get; } = new("default/pool");

    /// <summary>Answers that are kept back, over all calls.</summary>
    public int Withheld => _services.Bodies.Count + _services.Responses.Count;

    public ExtProcCall NewHandler(GrpcServerCall call) => new(call, Pool, _services);

    public void Pass(TimeSpan time) => _time.Advance(time);

    public void Dispose()
    {
        _services.Dispose();
        _director.Dispose();
        _metrics.Dispose();
        _meters.Dispose();
    }
}
