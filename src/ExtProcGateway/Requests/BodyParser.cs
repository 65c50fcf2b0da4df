using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Reads one kind of request body, in place: no part of a prompt becomes a string.</summary>
/// <remarks>Safe from any thread. Allocates only for a model's first request and for an error's text.</remarks>
internal abstract class BodyParser
{
    /// <summary>Reads a body; what is wrong with it is told by <see cref="ParsedRequest.Error"/>, never thrown.</summary>
    public abstract ParsedRequest Parse(in ReadOnlySequence<byte> body);
}
