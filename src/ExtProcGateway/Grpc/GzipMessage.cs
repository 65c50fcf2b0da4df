using System.Buffers;
using System.IO.Compression;

namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>Decompresses one gRPC message into a pooled array.</summary>
internal static class GzipMessage
{
    private const int SmallestArray = 16 * 1024;

    /// <summary>Why a message could not be had.</summary>
    public enum Outcome
    {
        Ok,
        Malformed,
        TooLarge,
    }

    /// <summary>Decompresses at most <paramref name="limit"/> bytes; the caller returns <paramref name="bytes"/> to the shared pool in any case.</summary>
    public static Outcome Decompress(in ReadOnlySequence<byte> message, int limit, out byte[] bytes, out int length)
    {
        bytes = ArrayPool<byte>.Shared.Rent(SmallestArray);
        length = 0;
        var source = ArrayPool<byte>.Shared.Rent((int)message.Length);
        try
        {
            message.CopyTo(source);
            using var gzip = new GZipStream(new MemoryStream(source, 0, (int)message.Length, writable: false), CompressionMode.Decompress);
            for (int read; (read = gzip.Read(bytes, length, bytes.Length - length)) > 0;)
            {
                length += read;
                if (length > limit)
                {
                    return Outcome.TooLarge;
                }

                if (length == bytes.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(2 * length);
                    bytes.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(bytes);
                    bytes = larger;
                }
            }

            return Outcome.Ok;
        }
        catch (InvalidDataException)
        {
            return Outcome.Malformed;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(source);
        }
    }
}
