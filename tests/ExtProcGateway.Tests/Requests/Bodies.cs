using System.Buffers;
using System.Text;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

/// <summary>Request bodies in pieces.</summary>
internal static class Bodies
{
    public static ReadOnlySequence<byte> Whole(string body) => new(Encoding.UTF8.GetBytes(body));

    /// <summary>The same bytes in pieces that end at the given places; a place may occur twice, for an empty piece.</summary>
    public static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> body, params int[] ends)
    {
        var first = new Piece(default, null);
        var last = first;
        var start = 0;
        foreach (var end in ends.Append(body.Length))
        {
            last = new Piece(body[start..end], last);
            start = end;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                previous.Next = this;
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
            }
        }
    }
}
