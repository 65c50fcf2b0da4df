using System.Collections.Frozen;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Protocol;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.Tracing;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Fuzz.Targets;
using Orleans.Inference.Picking;
using Orleans.Inference.TestKit;
using Prometheus;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

using ProcessingRequest = Envoy.Service.ExtProc.V3.ProcessingRequest;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>The handler of one call over a pool that the test wrote down.</summary>
internal sealed class ExtProcFixture : IDisposable
{
    private readonly StreamMachine _machine;

    public ExtProcFixture(params string[] addresses)
        : this(RequestTracing.Off, addresses)
    {
    }

    public ExtProcFixture(RequestTracing tracing, params string[] addresses)
    {
        _machine = new StreamMachine(new GatewayOptions { Seed = 1 }, tracing);
        if (addresses.Length > 0)
        {
            Pool.View = ViewOf(addresses);
        }

        Handler = NewHandler(Call);
    }

    public PoolState Pool => _machine.Pool;

    /// <inheritdoc cref="StreamMachine.Active"/>
    public ActiveConfiguration Active => _machine.Active;

    public GatewayMetrics Metrics => _machine.Metrics;

    public GatewayOptions Options => _machine.Options;

    public FakeCall Call { get; } = new();

    public ExtProcCall Handler { get; }

    public List<ProcessingResponse> Answers => Call.Answers;

    public ManualTimeProvider Time => _machine.Time;

    public CollectorRegistry Registry => _machine.Registry;

    public RequestMetrics Requests => _machine.Requests;

    public OpenCalls Calls => _machine.Calls;

    /// <inheritdoc cref="StreamMachine.Held"/>
    public HeldBytes Held => _machine.Held;

    public ExtProcCall NewHandler(GrpcServerCall call) => _machine.NewHandler(call);

    public void Send(ProcessingRequest message, int pieceSize = int.MaxValue) => FakeCall.Send(Handler, message, pieceSize);

    /// <summary>Serves by another configuration: what follows apiVersion and kind.</summary>
    public void Configure(string body)
    {
        Options.AllowExperimentalPlugins = true;
        Assert.Empty(_machine.Configure(body));
    }

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

    public void Dispose() => _machine.Dispose();

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
