using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
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
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.TestKit;
using Prometheus;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

using ProcessingRequest = Envoy.Service.ExtProc.V3.ProcessingRequest;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>The handler of one call over a pool that the test wrote down.</summary>
internal sealed class ExtProcFixture : IDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Director _director;
    private readonly ExtProcServices _services;

    public ExtProcFixture(params string[] addresses)
        : this(RequestTracing.Off, addresses)
    {
    }

    public ExtProcFixture(RequestTracing tracing, params string[] addresses)
    {
        Tracing = tracing;
        Pool = new PoolState("default/pool");
        if (addresses.Length > 0)
        {
            Pool.View = ViewOf(addresses);
        }

        Metrics = new GatewayMetrics(_meters.GetRequiredService<IMeterFactory>());
        Options.Seed = 1;
        var configuration = ConfigurationSource.LoadDefault(Options, Time);
        Active = new ActiveConfiguration(Serving(configuration));
        _director = new Director(Active, Time, Options);
        Requests = new RequestMetrics(Registry);
        var picker = new PickerMetrics(Registry, Requests, new PoolRegistry(Options, Time), Options);
        _services = new ExtProcServices(_director, Active, Options, Metrics, Requests, picker, Calls, Tracing, Time, NullLogger<ExtProcService>.Instance);
        Handler = NewHandler(Call);
    }

    /// <summary>What traces the calls.</summary>
    public RequestTracing Tracing { get; }

    public PoolState Pool { get; }

    /// <summary>What is served by.</summary>
    public ActiveConfiguration Active { get; }

    public GatewayMetrics Metrics { get; }

    public GatewayOptions Options { get; } = new();

    public FakeCall Call { get; } = new();

    public ExtProcCall Handler { get; }

    public List<ProcessingResponse> Answers => Call.Answers;

    public ManualTimeProvider Time { get; } = new();

    public CollectorRegistry Registry { get; } = Prometheus.Metrics.NewCustomRegistry();

    public RequestMetrics Requests { get; }

    public OpenCalls Calls { get; } = new();

    public ExtProcCall NewHandler(FakeCall call) => new(call, Pool, _services);

    public void Send(ProcessingRequest message, int pieceSize = int.MaxValue) => FakeCall.Send(Handler, message, pieceSize);

    /// <summary>Serves by another configuration: what follows apiVersion and kind.</summary>
    public void Configure(string body)
    {
        Options.AllowExperimentalPlugins = true;
        var outcome = ConfigurationSource.Load("c.yaml", $"apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n{body}", Options, Time);
        Assert.Empty(outcome.Faults);
        Active.Current = Serving(outcome.Configuration!);
    }

    private static ServingConfiguration Serving(PickerConfiguration configuration) => new(configuration, new RequestRoutes(ParserTypes.All, new ModelNames(), NullLogger.Instance));

    public static ProcessingRequest Headers(
        bool end = false, string path = "/v1/completions", BodySendMode? mode = BodySendMode.FullDuplexStreamed, params (string Key, string Value)[] more)
    {
        var message = new ProcessingRequest { RequestHeaders = new HttpHeaders { Headers = new HeaderMap(), EndOfStream = end } };
        foreach (var (key, value) in more.Prepend((":path", path)).Prepend((":method", "POST")))
        {
            message.RequestHeaders.Headers.Headers.Add(new HeaderValue { Key = key, RawValue = ByteString.CopyFromUtf8(value) });
        }

        if (mode is { } both)
        {
            message.ProtocolConfig = new ProtocolConfiguration { RequestBodyMode = both, ResponseBodyMode = both };
        }

        return message;
    }

    public static ProcessingRequest Body(string body, bool end = true) => Body(ByteString.CopyFromUtf8(body), end);

    public static ProcessingRequest Body(ByteString body, bool end = true) => new() { RequestBody = new HttpBody { Body = body, EndOfStream = end } };

    public static ProcessingRequest Trailers() => new() { RequestTrailers = new HttpTrailers { Trailers = new HeaderMap() } };

    public void Dispose()
    {
        Metrics.Dispose();
        _services.Dispose();
        _director.Dispose();
        _meters.Dispose();
    }

    /// <summary>Gives every server that queue, as just scraped.</summary>
    public void SetQueues(int queue) => Pool.View = ViewOf([.. Pool.View!.Servers.ToArray().Select(server => server.Address)], queue, Time.GetMilliseconds());

    /// <summary>Gives each server a label of its pod; in the order of the view.</summary>
    public void SetLabels(string label, params string[] values)
    {
        var view = Pool.View!;
        Pool.View = new PoolView(
            view.Pool,
            view.Version + 1,
            [.. view.Servers.ToArray().Select((server, i) => new ModelServer(server.Id, server.Address, new Dictionary<string, string> { [label] = values[i] }.ToFrozenDictionary()))],
            new LoadColumns(new int[view.Count], new int[view.Count], new double[view.Count], new long[view.Count]),
            view.Lora.ToArray(),
            view.Cache.ToArray());
    }

    private static PoolView ViewOf(string[] addresses, int queue = 0, long sampledAt = 0) => new(
        "default/pool",
        1,
        [.. addresses.Select((address, i) => new ModelServer($"default/pod{i}-rank-0", address, FrozenDictionary<string, string>.Empty))],
        new LoadColumns(
            [.. addresses.Select(_ => queue)], new int[addresses.Length], new double[addresses.Length], [.. addresses.Select(_ => sampledAt)]),
        [.. addresses.Select(_ => LoraState.None)],
        new CacheConfig[addresses.Length]);
}
