using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Where in a body something is.</summary>
/// <param name="Offset">From the body's first byte, over all its pieces.</param>
/// <param name="Length">In bytes; 0 where there is no such thing.</param>
internal readonly record struct BodyRange(long Offset, int Length)
{
    /// <summary>There is no such thing in the body.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The bytes. Costs a step for each piece of the body before them.</summary>
    public ReadOnlySequence<byte> Of(in ReadOnlySequence<byte> body) => IsEmpty ? ReadOnlySequence<byte>.Empty : body.Slice(Offset, Length);

    /// <summary>The same in a body that has this one within.</summary>
    public BodyRange Within(long offset) => IsEmpty ? default : new BodyRange(Offset + offset, Length);
}
