using System.Buffers;
using System.Text;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Tokenization;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>The prompts of whatever API accepts a body: pieces make no difference to chains and tokens, and a document gives the same.</summary>
internal sealed class PromptTarget(ModelNames names) : IFuzzTarget
{
    private readonly (JsonApi Api, RequestRoute Route)[] _apis =
    [
        .. ((JsonApi[])
        [
            JsonApis.Completions, JsonApis.ChatCompletions, JsonApis.Messages, JsonApis.Responses, JsonApis.Conversations, JsonApis.Embeddings, JsonApis.Images, JsonApis.VllmGenerate,
            JsonApis.SgLangGenerate,
        ]).Select(api => (api, new RequestRoute(new JsonBody(api, names)))),
    ];

    private readonly RequestRoute _generate = new(new VllmGrpcBody(embed: false));

    /// <summary>Pictures and videos count by their size.</summary>
    private readonly MediaTokens _bySize = new(new MediaEstimate(new()), new VideoFacts(320, 180, 2, 0));

    public string Name => "prompts";

    public string Description => "prompts of bodies: pieces, agreement with a document";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        .. ((string[])
        [
            "\"prompt\":", "\"messages\":[", "\"input\":", "\"items\":[{}],", "\"token_ids\":", "\"input_ids\":", "\"tools\":", "\"system\":", "\"instructions\":", "\"cache_salt\":\"s\",", "\"extra_key\":\"k\",",
            "{\"role\":\"user\",\"content\":", "\"content\":[", "{\"type\":\"text\",\"text\":\"", "\"type\":\"image_url\",", "\"image_url\":{\"url\":\"u\"}", "\"video_url\":\"v\"", "\"type\":\"input_audio\"",
            "\"input_audio\":{\"data\":\"d\",\"format\":\"f\"}", "\"type\":\"image\",", "\"source\":{\"data\":\"d\"}", "\"type\":\"thinking\",\"thinking\":", "\"type\":\"tool_use\"", "\"type\":\"tool_result\"", "\"id\":", "\"name\":",
            "x-anthropic-billing-header", "\\\\", "\\\\\\\"", "\\\"", "\\n", "\\u00e9", "\\u8fd9", "\\ud83d\\ude00", "\\ud800", "\\udc00", "t\\u0065xt", "[1,2,3]", "[1.0,2e0,-0]", "12345678,", "4294967295,", "123456, ", "[\"a\",\"b\"]", "}", "]", "{", "[", ",", ":",
            " ", "null", "é", "中",
        ]).Select(Encoding.UTF8.GetBytes),
        [0xff],
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAABQAAAALQ"u8.ToArray(),
        "data:image\\/jpeg;base64,\\/9j\\/wAALCALQBQABAREAAAAA"u8.ToArray(),
        "data:image/gif;base64,R0lGODlhAAXQAvcAAAAA"u8.ToArray(),
        "data:image/webp;base64,UklGRmQAAABXRUJQVlA4WAoAAAAQAAAA/wQAzwIA"u8.ToArray(),
        "\"source\":{\"url\":\"\",\"data\":\"iVBORw0KGgoAAAANSUhEUgAABQAAAALQ\"}"u8.ToArray(),
        Encoding.UTF8.GetBytes(new string('x', 70)),
    ];

    public FuzzOutcome Run(byte[] input, Random random)
    {
        var blocks = new PromptBlocks((PrefixHashRule)random.Next(2), random.Next(1, 4), random.Next(4) == 0 ? random.Next(4) : int.MaxValue);
        var accepted = false;
        foreach (var (api, route) in _apis)
        {
            var whole = new ReadOnlySequence<byte>(input);
            var parsed = route.Parse(whole);
            if (parsed.Error is null)
            {
                accepted = true;
                var (expected, tokens) = PromptOracle.Hash(input, api, "m", blocks);
                route.CountPromptTokens(whole, parsed, out _, expected.Media);
                if ((Fault(route, whole, blocks, expected, tokens) ?? FaultInPieces(route, input, blocks, expected, tokens, random) ?? FaultOfSizes(route, input, blocks, random)) is { } fault)
                {
                    return FuzzOutcome.Failed($"{Encoding.UTF8.GetString(api.Content)} as {api.Prompt}, {blocks}: {fault}");
                }
            }
        }

        return new FuzzOutcome(accepted, FaultOfMessage(input, blocks, random));
    }

    /// <summary>The same bytes as a message of vLLM's gRPC service.</summary>
    private string? FaultOfMessage(byte[] input, PromptBlocks blocks, Random random)
    {
        byte[] frame = [0, (byte)(input.Length >> 24), (byte)(input.Length >> 16), (byte)(input.Length >> 8), (byte)input.Length, .. input];
        var whole = new ReadOnlySequence<byte>(frame);
        var parsed = _generate.Parse(whole);
        if (parsed.Error is not null)
        {
            return null;
        }

        var expected = new PrefixHashes();
        var tokens = _generate.HashPrompt(whole, parsed, "m", blocks, expected);
        return FaultInPieces(_generate, frame, blocks, expected, tokens, random);
    }

    private static string? FaultInPieces(RequestRoute route, byte[] input, PromptBlocks blocks, PrefixHashes expected, long tokens, Random random)
    {
        var body = Pieces.Of(input, random);
        var fault = Fault(route, body.Content, blocks, expected, tokens);
        body.Release();
        return fault is null ? null : "in pieces: " + fault;
    }

    /// <summary>Sizes are read the same however the body is cut, and whether the prompt is hashed or only counted.</summary>
    private string? FaultOfSizes(RequestRoute route, byte[] input, PromptBlocks blocks, Random random)
    {
        if (blocks.Rule != PrefixHashRule.Tokens)
        {
            return null;
        }

        var whole = new ReadOnlySequence<byte>(input);
        var (expected, hashes) = (new MediaItems(), new PrefixHashes());
        var counted = route.CountPromptTokens(whole, route.Parse(whole), out _, expected, _bySize);
        var body = Pieces.Of(input, random);
        var hashed = route.HashPrompt(body.Content, route.Parse(body.Content), "m", blocks with { MaxBlocks = 4096 }, hashes, withMedia: true, _bySize);
        body.Release();
        return counted == hashed && expected.Sizes.SequenceEqual(hashes.Media.Sizes) ? null : $"by size, {hashed} tokens in pieces, {counted} whole";
    }

    private static string? Fault(RequestRoute route, ReadOnlySequence<byte> body, PromptBlocks blocks, PrefixHashes expected, long expectedTokens)
    {
        var parsed = route.Parse(body);
        var hashes = new PrefixHashes();
        var tokens = route.HashPrompt(body, parsed, "m", blocks, hashes, withMedia: true);
        if (blocks.Rule == PrefixHashRule.Tokens && (!expected.Media.Hashes.SequenceEqual(hashes.Media.Hashes) || !expected.Media.Sizes.SequenceEqual(hashes.Media.Sizes)))
        {
            return $"{hashes.Media.Count} items of {hashes.Media.TotalSize} tokens hashed, {expected.Media.Count} of {expected.Media.TotalSize} counted";
        }

        var counted = route.CountPromptTokens(body, parsed);
        return PromptOracle.Difference(expected, expectedTokens, hashes, tokens) ?? (counted == tokens || blocks.Rule != PrefixHashRule.Tokens ? null : $"{tokens} tokens hashed, {counted} counted");
    }
}
