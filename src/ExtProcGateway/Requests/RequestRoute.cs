using System.Buffers;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>What a request's path decides: how its body is read and what becomes of its response.</summary>
/// <param name="parser">Reads the body; null forwards it unread.</param>
internal sealed class RequestRoute(BodyParser? parser)
{
    /// <summary>The body is looked into; without that it is forwarded as it came, and scheduled without a model.</summary>
    public bool ReadsBody => parser is not null;

    /// <summary>A request without a model is refused, unless something else names its target.</summary>
    public bool NeedsModel { get; init; }

    /// <summary>The response is no inference result: it passes without a look at its usage and its model's name.</summary>
    public bool SkipsResponse { get; init; }

    /// <summary>How usage is written in the response.</summary>
    public ResponseFormat ResponseFormat { get; init; } = ResponseFormat.Raw;

    /// <inheritdoc cref="BodyParser.RenderPath"/>
    public string RenderPath => parser?.RenderPath ?? "";

    /// <summary>Reads a body of this route: see <see cref="BodyParser.Parse"/>.</summary>
    public ParsedRequest Parse(in ReadOnlySequence<byte> body) => parser is null ? default : parser.Parse(body);

    /// <summary>
    /// Makes the hash chains of a body's prompts, for the prefix cache. Once over the prompt, in place: some 0.11 ns a byte, and no allocation once <paramref name="hashes"/> has grown.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Strings are hashed without their escapes, so that it makes no difference how a client writes them. What the reference picker encodes anew (tools, and the input of responses, conversations and
    /// embeddings) is hashed as it was received: one client writes the same prompt the same way.
    /// </para>
    /// <para>
    /// Beyond <see cref="PromptBlocks.MaxBlocks"/> nothing is hashed. Of a request with very many prompts only the first are (<see cref="PromptSink.MostHashes"/>), because each prompt, however short,
    /// has a hash that is looked up and remembered.
    /// </para>
    /// </remarks>
    /// <param name="body">The body as it was parsed: before <see cref="ModelValue.Replace"/>.</param>
    /// <param name="parsed">Its outcome; for a refused body there are no chains.</param>
    /// <param name="model">The model that the request goes to, which the chains begin with, and the request's cache salt.</param>
    /// <param name="hashes">Where the chains go; what it holds is discarded.</param>
    /// <param name="withMedia">Collect the pictures, videos and sounds too, in <see cref="PrefixHashes.Media"/>.</param>
    /// <param name="sizes">What pictures and videos take.</param>
    /// <returns>
    /// An estimate of the prompts' tokens, not bounded by <see cref="PromptBlocks.MaxBlocks"/>: the number of ids where there are ids; of text a token for each four bytes, and what pictures, videos
    /// and sounds take.
    /// </returns>
    public long HashPrompt(in ReadOnlySequence<byte> body, in ParsedRequest parsed, string model, in PromptBlocks blocks, PrefixHashes hashes, bool withMedia = false, MediaTokens sizes = default)
    {
        if (parser is null || parsed.Error is not null)
        {
            hashes.Clear();
            return 0;
        }

        Span<byte> buffer = stackalloc byte[JsonText.UsualBuffer];
        var prompt = new PromptSink(hashes, blocks, PromptSeed.Of(model, body, parsed), buffer) { Media = withMedia ? hashes.Media : null, Sizes = sizes };
        parser.AppendPrompt(body, parsed, ref prompt);
        hashes.HasMedia = prompt.HasMedia;
        return prompt.Tokens;
    }

    /// <summary>Makes the hash chains of a prompt that is token ids, in whole blocks of the servers' own; of a prompt that is text none.</summary>
    /// <inheritdoc cref="HashPrompt"/>
    public void HashTokens(in ReadOnlySequence<byte> body, in ParsedRequest parsed, string model, in PromptBlocks blocks, PrefixHashes hashes)
    {
        hashes.Clear();
        var isText = !parsed.Prompt.Content.IsEmpty && parsed.Prompt.TokenIds == 0;
        if (parser is not null && parsed.Error is null && !isText)
        {
            var prompt = new PromptSink(hashes, blocks, PromptSeed.Of(model, body, parsed), buffer: []) { OnlyIds = true };
            parser.AppendPrompt(body, parsed, ref prompt);
        }
    }

    /// <summary>
    /// The estimate of tokens that <see cref="HashPrompt"/> gives (with <see cref="PrefixHashRule.Tokens"/>), for those who don't need the hashes: some 0.02 ns a byte, up to 1 ns a byte in text that
    /// is all escapes.
    /// </summary>
    public long CountPromptTokens(in ReadOnlySequence<byte> body, in ParsedRequest parsed) => CountPromptTokens(body, parsed, out _);

    /// <inheritdoc cref="CountPromptTokens(in ReadOnlySequence{byte}, in ParsedRequest)"/>
    /// <param name="hasMedia">Whether there are pictures, videos or sounds.</param>
    /// <param name="media">Takes them, which costs 0.1 ns a byte of each; null where nobody asks for them.</param>
    /// <param name="sizes">What pictures and videos take.</param>
    public long CountPromptTokens(in ReadOnlySequence<byte> body, in ParsedRequest parsed, out bool hasMedia, MediaItems? media = null, MediaTokens sizes = default)
    {
        hasMedia = false;
        if (parser is null || parsed.Error is not null)
        {
            return 0;
        }

        Span<byte> buffer = stackalloc byte[JsonText.UsualBuffer];
        var prompt = new PromptSink(buffer) { Media = media, Sizes = sizes };
        parser.AppendPrompt(body, parsed, ref prompt);
        hasMedia = prompt.HasMedia;
        return prompt.Tokens;
    }
}
