using System.Buffers;
using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>The five bytes before each gRPC message: a flag (1 = compressed) and the length.</summary>
internal static class GrpcPrefix
{
    public const int Size = 5;

    public static void Write(Span<byte> span, int length)
    {
        span[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
    }

    public static (byte Flag, uint Length) Read(ReadOnlySpan<byte> span) => (span[0], BinaryPrimitives.ReadUInt32BigEndian(span[1..]));

    /// <summary>Reads from the beginning of <paramref name="bytes"/>, which holds <see cref="Size"/> bytes or more.</summary>
    public static (byte Flag, uint Length) Read(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.FirstSpan.Length >= Size)
        {
            return Read(bytes.FirstSpan);
        }

        Span<byte> copy = stackalloc byte[Size];
        bytes.Slice(0, Size).CopyTo(copy);
        return Read(copy);
    }
}
