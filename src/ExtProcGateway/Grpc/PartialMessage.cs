using System.Buffers;
using System.Diagnostics;

namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>A gRPC message of which only the beginning has come, with its prefix, in a pooled array that grows with what has come.</summary>
internal sealed class PartialMessage
{
    private const int SmallestArray = 4096;

    private byte[] _bytes = [];

    /// <summary>Bytes that have come, the prefix among them.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>The message without its prefix.</summary>
    public ReadOnlySequence<byte> Message => new(_bytes, GrpcPrefix.Size, Length - GrpcPrefix.Size);

    /// <param name="expected">The whole length, an upper bound for the array.</param>
    public void Append(in ReadOnlySequence<byte> data, int expected)
    {
        var count = (int)data.Length;
        Debug.Assert(Length + count <= expected);
        if (_bytes.Length < Length + count)
        {
            // The announced length is not trusted with memory: twice what has come, at most.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(Math.Max(expected, SmallestArray), Math.Max(SmallestArray, 2 * (Length + count))));
            _bytes.AsSpan(0, Length).CopyTo(larger);
            Return();
            _bytes = larger;
        }

        data.CopyTo(_bytes.AsSpan(Length));
        Length += count;
    }

    public void Clear()
    {
        Length = 0;
        Return();
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }
}
