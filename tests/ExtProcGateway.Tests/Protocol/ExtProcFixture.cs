using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Decisions;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Protocol;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Scheduling;
using BodySendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

using ProcessingRequest = Envoy.Service.ExtProc.V3.ProcessingRequest;

namespace Orleans.Inference.ExtProcGateway.Tests.Protocol;

/// <summary>The handler of one call over a pool that the test wrote down.</summary>
internal sealed class ExtProcFixture : IDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Director _director = new(DefaultSchedulers.Create(TimeSpan.FromSeconds(2)), TimeProvider.System, seed: 1);

    public ExtProcFixture(params string[] addresses)
    {
        Pool = new PoolState("default/pool");
        if (addresses.Length > 0)
        {
            Pool.View = ViewOf(addresses);
        }

        Metrics = new GatewayMetrics(_meters.GetRequiredService<IMeterFactory>());
        Handler = NewHandler(Call);
    }

    public PoolState Pool { get; }

    public GatewayMetrics Metrics { get; }

    public GatewayOptions Options { get; } = new();

    public FakeCall Call { get; } = new();

    public ExtProcCall Handler { get; }

    public List<ProcessingResponse> Answers => Call.Answers;

    public ExtProcCall NewHandler(FakeCall call) =>
        new(call, Pool, new ExtProcServices(_director, new RequestRoutes(ParserTypes.Default, new ModelNames(), NullLogger.Instance), Options, Metrics, NullLogger<ExtProcService>.Instance));

    public void Send(ProcessingRequest message, int pieceSize = int.MaxValue) => FakeCall.Send(Handler, message, pieceSize);

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
        _director.Dispose();
        _meters.Dispose();
    }

    private static PoolView ViewOf(string[] addresses) => new(
        "default/pool",
        1,
        [.. addresses.Select((address, i) => new ModelServer($"default/pod{i}-rank-0", address, FrozenDictionary<string, string>.Empty))],
        new LoadColumns(new int[addresses.Length], new int[addresses.Length], new double[addresses.Length], new long[addresses.Length]),
        [.. addresses.Select(_ => LoraState.None)],
        new CacheConfig[addresses.Length]);
}
