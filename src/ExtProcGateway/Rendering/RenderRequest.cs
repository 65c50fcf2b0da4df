using System.Buffers;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Rendering;

/// <summary>A text whose tokens are wanted.</summary>
/// <param name="Path">The server's path for it.</param>
/// <param name="Body">The request's body, a copy, with the model that the server is asked for.</param>
/// <param name="Blocks">How the tokens are cut into blocks.</param>
/// <param name="Seed">What the chains begin with.</param>
internal sealed record RenderRequest(string Path, byte[] Body, PromptBlocks Blocks, ulong Seed)
{
    /// <summary>Bodies above this are not sent to a tokenizer: a million tokens and more.</summary>
    public const int LargestBody = 8 * 1024 * 1024;

    /// <summary>The body of a request with another model.</summary>
    public static byte[] CopyBody(in ReadOnlySequence<byte> body, in ParsedRequest parsed, string model)
    {
        var hasModel = parsed.ModelLength > 0;
        var value = new byte[ModelValue.MaxLength(model)];
        value = value[..ModelValue.Write(model, value)];
        return
        [
            .. body.Slice(0, parsed.ModelOffset).ToArray(),
            .. hasModel ? [] : "\"model\":"u8,
            .. value,
            .. hasModel ? [] : ","u8,
            .. body.Slice(parsed.ModelOffset + parsed.ModelLength).ToArray(),
        ];
    }
}
