using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>Reads parts of a frame's payload, which may lie in several segments.</summary>
internal static class Http2Payload
{
    /// <summary>Takes padding off; false when it is longer than the frame.</summary>
    public static bool TryUnpad(ref ReadOnlySequence<byte> payload)
    {
        var reader = new SequenceReader<byte>(payload);
        if (!reader.TryRead(out var padding) || padding >= payload.Length)
        {
            return false;
        }

        payload = payload.Slice(1, payload.Length - 1 - padding);
        return true;
    }

    /// <summary>31 bits from the payload's beginning.</summary>
    public static int ReadWord(in ReadOnlySequence<byte> payload)
    {
        Debug.Assert(payload.Length >= 4);
        Span<byte> bytes = stackalloc byte[4];
        payload.Slice(0, 4).CopyTo(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes) & 0x7fffffff;
    }
}
