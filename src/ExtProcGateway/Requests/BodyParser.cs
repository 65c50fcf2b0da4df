using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Reads one kind of request body, in place: no part of a prompt becomes a string.</summary>
/// <remarks>Safe from any thread. Allocates only for a model's first request and for an error's text.</remarks>
internal abstract class BodyParser
{
    /// <summary>The path at which vLLM makes tokens of such a body's text; empty for none.</summary>
    public virtual string RenderPath => "";

    /// <summary>Reads a body; what is wrong with it is told by <see cref="ParsedRequest.Error"/>, never thrown.</summary>
    public abstract ParsedRequest Parse(in ReadOnlySequence<byte> body);

    /// <summary>Gives the prompt's text or tokens, one prompt after the other, and ends each.</summary>
    /// <param name="body">The bytes that were parsed.</param>
    /// <param name="parsed">Their outcome, which is no refusal.</param>
    public abstract void AppendPrompt(in ReadOnlySequence<byte> body, in ParsedRequest parsed, ref PromptSink prompt);
}
