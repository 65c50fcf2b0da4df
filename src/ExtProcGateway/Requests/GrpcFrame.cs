using System.Buffers;
using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>The frame that carries a gRPC message: a byte that tells whether it is compressed, four bytes of length, the message.</summary>
internal static class GrpcFrame
{
    public const int HeaderLength = 5;

    /// <summary>Takes the first message out of a body; what follows it is left to the model server.</summary>
    /// <returns>Why there is none; null when there is.</returns>
    public static string? Read(in ReadOnlySequence<byte> body, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (body.Length < HeaderLength)
        {
            return "invalid gRPC payload: the body is shorter than a frame's header";
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        body.Slice(0, HeaderLength).CopyTo(header);
        if (header[0] != 0)
        {
            return "unsupported gRPC payload: the message is compressed";
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > body.Length - HeaderLength)
        {
            return "invalid gRPC payload: the message is shorter than its frame says";
        }

        message = body.Slice(HeaderLength, length);
        return null;
    }
}
