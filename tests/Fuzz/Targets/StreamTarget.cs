using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Protocol;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Policies;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>A whole ext_proc stream: any messages in any order, pieces, silences and ends.</summary>
/// <remarks>
/// An input is a series of steps, each one byte and what belongs to it: 0 a message (two bytes of length, little-endian, and a ProcessingRequest); 1 half-close; 2 the stream
/// is reset; 3 time passes (one byte, seconds); 4 the pool is empty from here on; 5 it has servers again; 6 models are rewritten.
/// </remarks>
internal sealed class StreamTarget : IFuzzTarget, IDisposable
{
    private static readonly PoolView Servers = View("10.0.0.1:8000", "10.0.0.2:8000", "[2001:db8::1]:8000");
    private static readonly PoolView Nobody = View();
    private static readonly PoolPolicies Rewrite = new([new("batch", -1)], [], [new RewriteRule("r", [], [new RewriteTarget("model-t", null)])]);

    private readonly StreamMachine _machine = new(new GatewayOptions { Seed = 1, MaxRequestBodySize = 8 * 1024, EmitEndpointScores = true });

    public string Name => "stream";

    public string Description => "ext_proc streams: messages in any order, cut anywhere, with silences and ends";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        [1], [2], [3, 30], [3, 90], [4], [5], [6],
        .. new[]
        {
            ":path", "/v1/completions", "/v1/chat/completions", "/generate", "x-request-id", "content-type", "text/event-stream", "envoy.lb.subset_hint",
            "x-gateway-destination-endpoint-subset", "x-gateway-model-name-rewrite", "data: ", "\"model\":\"model-t\"", "{\"model\":\"m\",\"prompt\":\"p\"}", "10.0.0.1:8000",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    public FuzzOutcome Run(byte[] input, Random random)
    {
        var whole = Play(input, null);
        if (whole.Fault is not null)
        {
            return FuzzOutcome.Failed(whole.Fault);
        }

        var cut = Play(input, random);
        return cut.Fault is not null ? FuzzOutcome.Failed(cut.Fault)
            : whole.Outline == cut.Outline ? new FuzzOutcome(whole.Answers.Count > 0, null)
            : FuzzOutcome.Failed($"cut messages are answered otherwise:\n{whole.Outline}\n--- cut ---\n{cut.Outline}");
    }

    public void Dispose() => _machine.Dispose();

    private StreamRecord Play(byte[] input, Random? cuts)
    {
        var record = new StreamRecord();
        _machine.Pool.View = Servers;
        _machine.Pool.Policies = PoolPolicies.None;
        var call = new RecordedCall(record);
        var handler = _machine.NewHandler(call);
        for (var at = 0; at < input.Length && !call.IsOver;)
        {
            var step = input[at++];
            switch (step % 8)
            {
                case 0:
                    if (at + 2 > input.Length)
                    {
                        at = input.Length;
                        break;
                    }

                    var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(input.AsSpan(at)), input.Length - at - 2);
                    var message = input.AsMemory(at + 2, length);
                    at += 2 + length;
                    record.Sent(message.Span);
                    Deliver(handler, message, cuts);
                    break;
                case 1:
                    handler.OnRequestsEnded();
                    at = input.Length;
                    break;
                case 2:
                    handler.OnAborted(GrpcAbort.ResetByClient);
                    call.Abort();
                    at = input.Length;
                    break;
                case 3:
                    _machine.Time.Advance(TimeSpan.FromSeconds(at < input.Length ? input[at++] : 1));
                    break;
                case 4:
                    _machine.Pool.View = Nobody;
                    break;
                case 5:
                    _machine.Pool.View = Servers;
                    break;
                default:
                    _machine.Pool.Policies = Rewrite;
                    record.MayRewrite();
                    break;
            }

            call.RunPosted();
        }

        if (!call.IsOver)
        {
            handler.OnAborted(GrpcAbort.ConnectionLost);
            call.Abort();
        }

        record.Check(_machine.Withheld, _machine.Held.Count);
        return record;
    }

    private static void Deliver(ExtProcCall handler, ReadOnlyMemory<byte> message, Random? cuts)
    {
        if (cuts is null)
        {
            handler.OnMessage(new ReadOnlySequence<byte>(message));
            return;
        }

        var pieces = Pieces.Of(message.Span, cuts);
        handler.OnMessage(pieces.Content);
        pieces.Release();
    }

    private static PoolView View(params string[] addresses) => new(
        "default/pool",
        1,
        [.. addresses.Select((address, i) => new ModelServer($"default/pod{i}-rank-0", address, FrozenDictionary<string, string>.Empty))],
        new LoadColumns(new int[addresses.Length], new int[addresses.Length], new double[addresses.Length], new long[addresses.Length]),
        [.. addresses.Select(_ => LoraState.None)],
        new CacheConfig[addresses.Length]);
}
