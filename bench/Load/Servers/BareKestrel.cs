using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Orleans.Inference.Bench.Load.Servers;

/// <summary>
/// The floor: a bare Kestrel HTTP/2 handler that moves the same bytes as an exchange. It finds the messages of the stream and answers canned bytes: no
/// protobuf, no JSON, no pick.
/// </summary>
internal static class BareKestrel
{
    /// <summary>Length of the message with an empty piece that ends a body.</summary>
    private const int EndOfBody = 4;

    private const int ChunkSize = 62_000;

    public static async Task RunAsync(int port, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o =>
        {
            o.Limits.Http2.MaxStreamsPerConnection = 10_000;
            o.Limits.Http2.InitialConnectionWindowSize = 64 << 20;
            o.Limits.Http2.InitialStreamWindowSize = 4 << 20;
            o.Listen(IPAddress.Loopback, port, l => l.Protocols = HttpProtocols.Http2);
        });
        await using var app = builder.Build();
        app.Run(HandleAsync);
        await app.StartAsync(stop);
        await Console.Out.WriteLineAsync("ready");
        await app.WaitForShutdownAsync(stop);
    }

    private static async Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        var reader = context.Request.BodyReader;
        var writer = context.Response.BodyWriter;
        try
        {
            var bytes = await ReadPhaseAsync(reader, context.RequestAborted);
            writer.Write(Headers);
            WriteBody(writer, 3, bytes);
            await writer.FlushAsync(context.RequestAborted);

            await ReadPhaseAsync(reader, context.RequestAborted);
            writer.Write(ResponseHeaders);
            WriteBody(writer, 4, 200);
            await writer.FlushAsync(context.RequestAborted);
            await reader.ReadAsync(context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // the client's reset ends every exchange
        }
    }

    /// <summary>Reads gRPC messages to the end of a body and returns their length without the first, the headers.</summary>
    private static async Task<int> ReadPhaseAsync(PipeReader reader, CancellationToken stop)
    {
        var (total, first, ended) = (0, true, false);
        while (true)
        {
            var read = await reader.ReadAsync(stop);
            var buffer = read.Buffer;
            while (!ended && TryTake(ref buffer, out var length))
            {
                total += first ? 0 : length;
                (first, ended) = (false, length == EndOfBody);
            }

            reader.AdvanceTo(buffer.Start, ended ? buffer.Start : buffer.End);
            if (ended || read.IsCompleted)
            {
                return total;
            }
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out int length)
    {
        length = 0;
        if (buffer.Length < 5)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[5];
        buffer.Slice(0, 5).CopyTo(prefix);
        length = BinaryPrimitives.ReadInt32BigEndian(prefix[1..]);
        if (buffer.Length < 5 + length)
        {
            return false;
        }

        buffer = buffer.Slice(5 + length);
        return true;
    }

    /// <summary>The body goes back in pieces, the last with the end mark that the client waits for.</summary>
    private static void WriteBody(PipeWriter writer, byte field, int length)
    {
        for (var left = length; left >= 0;)
        {
            var piece = Math.Min(left, ChunkSize);
            left -= piece;
            var last = left == 0;
            var nested = new List<byte>(32);
            var streamed = 1 + VarintSize(piece) + piece + (last ? 2 : 0);
            var mutation = 1 + VarintSize(streamed) + streamed;
            var common = 1 + VarintSize(mutation) + mutation;
            var response = 1 + VarintSize(common) + common;
            var total = 1 + VarintSize(response) + response;
            nested.AddRange([0, (byte)(total >> 24), (byte)(total >> 16), (byte)(total >> 8), (byte)total]);
            Prefix(nested, field, response);
            Prefix(nested, 1, common);
            Prefix(nested, 3, mutation);
            Prefix(nested, 3, streamed);
            if (last)
            {
                nested.AddRange([2 << 3, 1]);
            }

            Prefix(nested, 1, piece);
            writer.Write(nested.ToArray());
            writer.GetSpan(piece)[..piece].Fill((byte)'x');
            writer.Advance(piece);
            if (last)
            {
                return;
            }
        }
    }

    private static byte[] Headers { get; } = Message(1, 300);

    private static byte[] ResponseHeaders { get; } = Message(2, 60);

    private static byte[] Message(byte field, int length)
    {
        byte[] message = [(byte)((field << 3) | 2), .. Varint(length), .. new byte[length]];
        return [0, 0, 0, (byte)(message.Length >> 8), (byte)message.Length, .. message];
    }

    private static void Prefix(List<byte> bytes, int field, int length)
    {
        bytes.Add((byte)((field << 3) | 2));
        bytes.AddRange(Varint(length));
    }

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static int VarintSize(int value) => Varint(value).Length;
}
