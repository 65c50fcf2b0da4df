using System.Buffers.Binary;
using System.Text;

namespace Orleans.Inference.Bench.Load.Client;

/// <summary>The gRPC messages of one exchange, as Envoy sends them in FULL_DUPLEX_STREAMED mode for an HTTP/1.1 client.</summary>
/// <remarks>One connection's thread at a time.</remarks>
internal sealed class ExchangeMessages
{
    private const int FullDuplexStreamed = 4;

    /// <summary>Largest piece of a body in one message: what a gateway takes from a connection at once.</summary>
    private const int LargestPiece = 64 * 1024;

    private readonly Workload _workload;
    private readonly byte[] _body;
    private readonly byte[] _nested;

    public ExchangeMessages(Workload workload)
    {
        _workload = workload;
        _body = new byte[workload.LargestBody];
        _nested = new byte[workload.LargestBody + 1024];
        StreamHeaders = Headers(3, [(":status", "200"), ("content-type", "text/event-stream"), ("server", "uvicorn")], null);
        Chunk = Body(5, Event, false);
        LastChunk = [.. Body(5, LastEvent, false), .. Body(5, [], true)];
        Response = [.. Headers(3, [(":status", "200"), ("content-type", "application/json"), ("server", "uvicorn")], null), .. Body(5, Completion, false), .. Body(5, [], true)];
    }

    /// <summary>The response phase: headers, one piece of body, the end.</summary>
    public byte[] Response { get; }

    /// <summary>The headers of a streamed response.</summary>
    public byte[] StreamHeaders { get; }

    /// <summary>A chunk of a streamed response, one event with a token.</summary>
    public byte[] Chunk { get; }

    /// <summary>The last chunk, with the usage, and the end.</summary>
    public byte[] LastChunk { get; }

    private static byte[] Event => Encoding.ASCII.GetBytes(
        """data: {"id":"cmpl-1","object":"text_completion","created":1780000000,"model":"base-model","choices":[{"index":0,"text":" word","logprobs":null,"finish_reason":null}]}""" + "\n\n");

    private static byte[] LastEvent => Encoding.ASCII.GetBytes(
        """data: {"id":"cmpl-1","object":"text_completion","created":1780000000,"model":"base-model","choices":[],"usage":{"prompt_tokens":200,"completion_tokens":50,"total_tokens":250}}"""
        + "\n\ndata: [DONE]\n\n");

    private static byte[] Completion => Encoding.ASCII.GetBytes(
        """{"id":"cmpl-1","object":"text_completion","created":1780000000,"model":"base-model","choices":[{"index":0,"text":" ok","finish_reason":"stop"}],"usage":{"prompt_tokens":200,"completion_tokens":50,"total_tokens":250}}""");

    /// <summary>Writes headers, body and its end; returns how many bytes.</summary>
    public int WriteRequest(Random random, long id, Span<byte> buffer)
    {
        var length = _workload.Write(random, _body);
        var headers = Headers(
            2,
            [
                (":authority", "gateway.example.com"), (":path", "/v1/completions"), (":method", "POST"), (":scheme", "http"), ("user-agent", "bench/1"), ("accept", "*/*"),
                ("content-type", "application/json"), ("content-length", length.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("x-forwarded-proto", "http"),
                ("x-request-id", $"bench-{id:x16}"),
            ],
            [(1 << 3) | 0, FullDuplexStreamed, (2 << 3) | 0, FullDuplexStreamed]);
        headers.CopyTo(buffer);
        var at = headers.Length;

        for (var from = 0; from < length; from += LargestPiece)
        {
            WritePiece(buffer, ref at, _body.AsSpan(from, Math.Min(LargestPiece, length - from)));
        }

        var end = Body(4, [], true);
        end.CopyTo(buffer[at..]);
        return at + end.Length;
    }

    /// <summary>Most bytes that <see cref="WriteRequest"/> writes.</summary>
    public int LargestRequest => _workload.LargestBody + 2048 + (_workload.LargestBody / LargestPiece * 32);

    /// <summary>ProcessingRequest.request_body { body } without an intermediate array: the body is what costs.</summary>
    private static void WritePiece(Span<byte> buffer, ref int at, ReadOnlySpan<byte> piece)
    {
        var prefix = at;
        at += 5;
        ProtoFields.WriteVarint(buffer, ref at, (4 << 3) | 2);
        ProtoFields.WriteVarint(buffer, ref at, (ulong)(1 + VarintSize(piece.Length) + piece.Length));
        ProtoFields.WriteBytes(buffer, ref at, 1, piece);
        WritePrefix(buffer[prefix..], at - prefix - 5);
    }

    private byte[] Headers(int field, ReadOnlySpan<(string Key, string Value)> headers, byte[]? protocolConfig)
    {
        var map = new byte[1024];
        var mapLength = 0;
        var header = new byte[512];
        foreach (var (key, value) in headers)
        {
            var at = 0;
            ProtoFields.WriteBytes(header, ref at, 1, Encoding.ASCII.GetBytes(key));
            ProtoFields.WriteBytes(header, ref at, 3, Encoding.ASCII.GetBytes(value));
            ProtoFields.WriteBytes(map, ref mapLength, 1, header.AsSpan(0, at));
        }

        var httpHeaders = 0;
        ProtoFields.WriteBytes(_nested, ref httpHeaders, 1, map.AsSpan(0, mapLength));
        var message = new byte[2048];
        var length = 5;
        ProtoFields.WriteBytes(message, ref length, field, _nested.AsSpan(0, httpHeaders));
        if (protocolConfig is not null)
        {
            ProtoFields.WriteBytes(message, ref length, 11, protocolConfig);
        }

        WritePrefix(message, length - 5);
        return message[..length];
    }

    private byte[] Body(int field, ReadOnlySpan<byte> body, bool end)
    {
        var httpBody = 0;
        if (!body.IsEmpty)
        {
            ProtoFields.WriteBytes(_nested, ref httpBody, 1, body);
        }

        if (end)
        {
            ProtoFields.WriteVarint(_nested, ref httpBody, 2 << 3);
            ProtoFields.WriteVarint(_nested, ref httpBody, 1);
        }

        var message = new byte[httpBody + 16];
        var length = 5;
        ProtoFields.WriteBytes(message, ref length, field, _nested.AsSpan(0, httpBody));
        WritePrefix(message, length - 5);
        return message[..length];
    }

    private static void WritePrefix(Span<byte> message, int length) => BinaryPrimitives.WriteInt32BigEndian(message[1..], length);

    private static int VarintSize(int value)
    {
        var size = 1;
        for (; value >= 0x80; value >>= 7)
        {
            size++;
        }

        return size;
    }
}
