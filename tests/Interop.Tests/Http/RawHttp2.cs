using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Orleans.Inference.Interop.Tests.Http;

/// <summary>One request over a connection of its own, frame by frame: what <see cref="HttpClient"/> can't send, such as trailers.</summary>
/// <remarks>Header fields are sent as literals without indexing. Of an answer only the status 200 is recognised (one byte in HPACK), and the body.</remarks>
internal sealed class RawHttp2 : IAsyncDisposable
{
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, GoAway = 7, WindowUpdate = 8;
    private const byte EndStream = 1, EndHeaders = 4, Ack = 1;
    private const byte IndexedStatus200 = 0x88;

    private readonly TcpClient _client = new() { NoDelay = true };
    private Stream _stream = Stream.Null;

    /// <summary>Sends a request with a body and trailers and reads the whole answer.</summary>
    public static async Task<(bool IsOk, byte[] Body)> PostWithTrailersAsync(
        int port, string path, byte[] body, IReadOnlyDictionary<string, string> trailers, CancellationToken cancellation)
    {
        await using var connection = new RawHttp2();
        await connection.OpenAsync(port, cancellation);
        var fields = new Dictionary<string, string> { [":method"] = "POST", [":scheme"] = "http", [":path"] = path, [":authority"] = "client.test" };
        await connection.SendAsync(Headers, EndHeaders, 1, Encode(fields), cancellation);
        for (var at = 0; at < body.Length; at += 16_384)
        {
            await connection.SendAsync(Data, 0, 1, body.AsMemory(at, Math.Min(16_384, body.Length - at)), cancellation);
        }

        await connection.SendAsync(Headers, EndHeaders | EndStream, 1, Encode(trailers), cancellation);
        return await connection.ReadAnswerAsync(cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task OpenAsync(int port, CancellationToken cancellation)
    {
        await _client.ConnectAsync("127.0.0.1", port, cancellation);
        _stream = _client.GetStream();
        await _stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), cancellation);
        await SendAsync(Settings, 0, 0, new byte[] { 0, 4, 0x7f, 0xff, 0xff, 0xff }, cancellation); // INITIAL_WINDOW_SIZE as large as it gets
        await SendAsync(WindowUpdate, 0, 0, new byte[] { 0x7f, 0xff, 0, 0 }, cancellation);

        // The server's windows, of megabytes, hold from the acknowledgement of its settings on; a body is not larger than they are.
        while (true)
        {
            var (type, flags, _, _) = await ReadFrameAsync(cancellation);
            if (type == Settings && (flags & Ack) == 0)
            {
                await SendAsync(Settings, Ack, 0, default, cancellation);
                return;
            }
        }
    }

    private async Task<(byte Type, byte Flags, int Stream, byte[] Payload)> ReadFrameAsync(CancellationToken cancellation)
    {
        var head = new byte[9];
        await _stream.ReadExactlyAsync(head, cancellation);
        var payload = new byte[(head[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1))];
        await _stream.ReadExactlyAsync(payload, cancellation);
        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }

    private async Task SendAsync(byte type, byte flags, int stream, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        var frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)payload.Length);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsMemory(9));
        await _stream.WriteAsync(frame, cancellation);
    }

    private async Task<(bool IsOk, byte[] Body)> ReadAnswerAsync(CancellationToken cancellation)
    {
        var (isOk, first, body) = (false, true, new MemoryStream());
        while (true)
        {
            var (type, flags, stream, payload) = await ReadFrameAsync(cancellation);
            if (type == Settings && (flags & Ack) == 0)
            {
                await SendAsync(Settings, Ack, 0, default, cancellation);
            }
            else if (type is Reset or GoAway)
            {
                throw new IOException($"the server sent {(type == Reset ? "RST_STREAM" : "GOAWAY")}: {Convert.ToHexString(payload)}");
            }
            else if (stream == 1 && type == Headers && first)
            {
                (isOk, first) = (payload[0] == IndexedStatus200, false);
            }
            else if (stream == 1 && type == Data)
            {
                body.Write(payload);
            }

            if (stream == 1 && type is (Headers or Data) && (flags & EndStream) != 0)
            {
                return (isOk, body.ToArray());
            }
        }
    }

    private static byte[] Encode(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var block = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            block.WriteByte(0); // literal without indexing, new name
            WriteText(block, name);
            WriteText(block, value);
        }

        return block.ToArray();
    }

    private static void WriteText(MemoryStream block, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, 126);
        block.WriteByte((byte)bytes.Length);
        block.Write(bytes);
    }
}
