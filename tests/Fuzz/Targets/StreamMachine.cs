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
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.TestKit;
using Prometheus;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>What all calls of a pool share: the product's own parts without a server around them, with a clock that stands still.</summary>
internal sealed class StreamMachine : IDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Director _director;
    private readonly ExtProcServices _services;

    /// <param name="tracing">Null for none.</param>
    public StreamMachine(GatewayOptions options, RequestTracing? tracing = null)
    {
        Options = options;
        Metrics = new GatewayMetrics(_meters.GetRequiredService<IMeterFactory>());
        Active = new ActiveConfiguration(Serving(ConfigurationSource.LoadDefault(options, Time)));
        _director = new Director(Active, Time, options);
        Requests = new RequestMetrics(Registry);
        Held = new HeldBytes(options);
        var picker = new PickerMetrics(Registry, Requests, new PoolRegistry(options, Time), options);
        _services = new ExtProcServices(_director, Active, options, Metrics, Requests, picker, Calls, Held, tracing ?? RequestTracing.Off, Time, NullLogger<ExtProcService>.Instance);
    }

    public PoolState Pool { get; } = new("default/pool");

    public GatewayOptions Options { get; }

    public ManualTimeProvider Time { get; } = new();

    /// <summary>What is served by.</summary>
    public ActiveConfiguration Active { get; }

    public GatewayMetrics Metrics { get; }

    public CollectorRegistry Registry { get; } = Prometheus.Metrics.NewCustomRegistry();

    public RequestMetrics Requests { get; }

    public OpenCalls Calls { get; } = new();

    /// <summary>Answers that are kept back, over all calls.</summary>
    public int Withheld => _services.Bodies.Count + _services.Responses.Count;

    /// <summary>Memory that all calls hold.</summary>
    public HeldBytes Held { get; }

    public ExtProcCall NewHandler(GrpcServerCall call) => new(call, Pool, _services);

    /// <summary>Serves by another configuration: what follows apiVersion and kind.</summary>
    /// <returns>What is wrong with it; then nothing changes.</returns>
    public IReadOnlyList<string> Configure(string body)
    {
        var outcome = ConfigurationSource.Load("c.yaml", $"apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n{body}", Options, Time);
        if (outcome.Configuration is { } configuration)
        {
            Active.Current = Serving(configuration);
        }

        return outcome.Faults;
    }

    public void Dispose()
    {
        _services.Dispose();
        _director.Dispose();
        Metrics.Dispose();
        _meters.Dispose();
    }

    private static ServingConfiguration Serving(PickerConfiguration configuration) => new(configuration, new RequestRoutes(ParserTypes.All, new ModelNames(), NullLogger.Instance));
}
