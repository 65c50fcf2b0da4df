using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>Puts the prompts of a JSON body together from System.Text.Json's document, with a string for each text: slow, and independent of the code that is tested.</summary>
internal sealed class PromptOracle
{
    private readonly List<byte> _prompt = [];

    private PromptOracle()
    {
    }

    /// <summary>The chains of an accepted body, and the estimate of its tokens.</summary>
    public static (PrefixHashes Hashes, long Tokens) Hash(ReadOnlyMemory<byte> body, JsonApi api, string model, PromptBlocks blocks)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = JsonBody.MaxDepth });
        var salt = Last(document.RootElement, Encoding.UTF8.GetString(api.CacheSalt)) is { ValueKind: JsonValueKind.String } text ? Text(text) : [];
        var hashes = new PrefixHashes();
        var hasher = new PrefixHasher(hashes, blocks.Rule, PrefixHasher.Seed(model, salt), blocks.BlockTokens, blocks.MaxBlocks);
        var tokens = 0L;
        foreach (var prompt in Prompts(document.RootElement, api, blocks.Rule))
        {
            hasher.Append(prompt);
            hasher.EndPrompt();
            tokens += (prompt.Length + 3) / 4;
        }

        return (hashes, tokens);
    }

    /// <summary>How two results differ; null when they do not.</summary>
    public static string? Difference(PrefixHashes expected, long expectedTokens, PrefixHashes hashes, long tokens)
    {
        if (expectedTokens != tokens || expected.ChainCount != hashes.ChainCount)
        {
            return $"{hashes.ChainCount} prompts of {tokens} tokens instead of {expected.ChainCount} of {expectedTokens}";
        }

        for (var i = 0; i < expected.ChainCount; i++)
        {
            if (!expected.Chain(i).SequenceEqual(hashes.Chain(i)))
            {
                return $"prompt {i}: {expected.Chain(i).CommonPrefixLength(hashes.Chain(i))} blocks as expected, of {hashes.Chain(i).Length} instead of {expected.Chain(i).Length}";
            }
        }

        return null;
    }

    private static IEnumerable<byte[]> Prompts(JsonElement root, JsonApi api, PrefixHashRule rule)
    {
        var content = Last(root, Encoding.UTF8.GetString(api.Content))!.Value;
        var items = content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().ToArray() : [];
        if (api.Prompt is PromptForm.Completions or PromptForm.Json && items.Length > 0 && items.All(item => item.ValueKind == JsonValueKind.Number))
        {
            return [[.. items.SelectMany(Id)]];
        }

        if (api.Prompt == PromptForm.Completions)
        {
            return content.ValueKind == JsonValueKind.String ? [Text(content)] : [.. items.Select(Text)];
        }

        if (api.Prompt == PromptForm.None)
        {
            return [];
        }

        var oracle = new PromptOracle();
        if (api.Prompt == PromptForm.Json || (rule == PrefixHashRule.WholeBlocks && api.Prompt is PromptForm.Chat or PromptForm.Messages))
        {
            oracle._prompt.AddRange(Raw(content));
        }
        else if (api.Prompt == PromptForm.Responses)
        {
            var members = ((string[])["instructions", "tools", "input"]).Select(key => (Key: key, Value: Last(root, key))).Where(member => member.Value is not null and not { ValueKind: JsonValueKind.Null });
            oracle.Add("[" + string.Join(',', members.Select(member => $"{{\"{member.Key}\":" + Encoding.Latin1.GetString(Raw(member.Value!.Value)) + "}")) + "]");
        }
        else
        {
            if (Last(root, "tools") is { } tools && ((tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() > 0) || (tools.ValueKind == JsonValueKind.Object && tools.EnumerateObject().Any())))
            {
                oracle._prompt.AddRange(Raw(tools));
            }

            if (api.Prompt == PromptForm.Messages)
            {
                oracle.AddSystem(Last(root, "system"));
            }

            foreach (var message in items)
            {
                oracle.AddMessage(message, api.Prompt);
            }
        }

        return [[.. oracle._prompt]];
    }

    private void AddSystem(JsonElement? system)
    {
        AddText(system);
        foreach (var block in Blocks(system))
        {
            if (Type(block) == "text" && Last(block, "text") is { ValueKind: JsonValueKind.String } text && !Text(text).AsSpan().StartsWith("x-anthropic-billing-header"u8))
            {
                AddText(text);
            }
        }
    }

    private void AddMessage(JsonElement message, PromptForm form)
    {
        AddText(Last(message, "role"));
        var content = Last(message, "content");
        AddText(content);
        foreach (var block in Blocks(content))
        {
            if (form == PromptForm.Chat)
            {
                AddChatBlock(block);
            }
            else
            {
                AddAnthropicBlock(block);
            }
        }
    }

    private void AddChatBlock(JsonElement block)
    {
        switch (Type(block))
        {
            case "text":
                AddText(Last(block, "text"));
                break;
            case "image_url":
                AddMedia(Url(Last(block, "image_url")), 225);
                break;
            case "video_url":
                AddMedia(Url(Last(block, "video_url")), 4500);
                break;
            case "audio_url" when Url(Last(block, "audio_url")) is { } url:
                AddMedia(url, (url.Length + 3) / 4);
                break;
            case "input_audio" when Last(block, "input_audio") is { ValueKind: JsonValueKind.Object } audio && Last(audio, "data") is { ValueKind: JsonValueKind.String } data && Text(data) is { Length: > 0 } bytes:
                byte[] format = Last(audio, "format") is { ValueKind: JsonValueKind.String } name ? Text(name) : [];
                AddMedia([.. bytes, .. format], (bytes.Length + format.Length + 3) / 4);
                break;
        }
    }

    private void AddAnthropicBlock(JsonElement block)
    {
        switch (Type(block))
        {
            case "text":
                AddText(Last(block, "text"));
                break;
            case "thinking":
                AddText(Last(block, "thinking"));
                break;
            case "image":
                AddPicture(block);
                break;
            case "tool_use":
                AddText(Last(block, "id"));
                AddText(Last(block, "name"));
                _prompt.AddRange(Last(block, "input") is { } input ? Raw(input) : []);
                break;
            case "tool_result":
                var content = Last(block, "content");
                AddText(content);
                var texts = Blocks(content).Where(part => Type(part) == "text").Select(part => Last(part, "text") is { ValueKind: JsonValueKind.String } text ? Text(text) : []);
                Add(string.Join('\n', texts.Select(Encoding.Latin1.GetString)));
                foreach (var part in Blocks(content).Where(part => Type(part) == "image"))
                {
                    AddPicture(part);
                }

                break;
        }
    }

    private void AddPicture(JsonElement block)
    {
        if (Last(block, "source") is { ValueKind: JsonValueKind.Object } source)
        {
            AddMedia(Url(source) ?? (Last(source, "data") is { ValueKind: JsonValueKind.String } data ? Text(data) : null), 225);
        }
    }

    private void AddMedia(byte[]? content, int tokens)
    {
        if (content is not { Length: > 0 })
        {
            return;
        }

        while (_prompt.Count % 4 != 0)
        {
            _prompt.Add(0);
        }

        var token = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(token, PrefixHasher.MediaToken(content));
        for (var i = 0; i < tokens; i++)
        {
            _prompt.AddRange(token);
        }
    }

    private void AddText(JsonElement? value)
    {
        if (value is { ValueKind: JsonValueKind.String } text)
        {
            _prompt.AddRange(Text(text));
        }
    }

    /// <summary>Bytes that are held in a string, one a character.</summary>
    private void Add(string bytes) => _prompt.AddRange(Encoding.Latin1.GetBytes(bytes));

    private static IEnumerable<JsonElement> Blocks(JsonElement? content) => content is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Where(block => block.ValueKind == JsonValueKind.Object) : [];

    private static string? Type(JsonElement block) => Last(block, "type") is { ValueKind: JsonValueKind.String } type ? Encoding.Latin1.GetString(Text(type)) : null;

    private static byte[]? Url(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => Text(text) is { Length: > 0 } url ? url : null,
        { ValueKind: JsonValueKind.Object } holder when Last(holder, "url") is { ValueKind: JsonValueKind.String } text => Text(text) is { Length: > 0 } url ? url : null,
        _ => null,
    };

    private static byte[] Id(JsonElement item)
    {
        var id = item.TryGetUInt32(out var whole) ? whole : (uint)item.GetDouble();
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, id);
        return bytes;
    }

    private static JsonElement? Last(JsonElement item, string key)
    {
        JsonElement? found = null;
        foreach (var property in item.EnumerateObject())
        {
            found = Encoding.Latin1.GetString(Decode(JsonMarshal.GetRawUtf8PropertyName(property))) == key ? property.Value : found;
        }

        return found;
    }

    /// <summary>The value as it is written, without blanks that are not in a string.</summary>
    private static byte[] Raw(JsonElement value)
    {
        var (compact, inString) = (new List<byte>(), false);
        var written = JsonMarshal.GetRawUtf8Value(value);
        for (var i = 0; i < written.Length; i++)
        {
            if (inString && written[i] == '\\')
            {
                compact.Add(written[i++]);
            }
            else
            {
                inString ^= written[i] == '"';
            }

            if (inString || !" \t\r\n".Contains((char)written[i], StringComparison.Ordinal))
            {
                compact.Add(written[i]);
            }
        }

        return [.. compact];
    }

    private static byte[] Text(JsonElement value) => Decode(JsonMarshal.GetRawUtf8Value(value)[1..^1]);

    /// <summary>Decodes byte by byte; half of a surrogate pair becomes U+FFFD.</summary>
    private static byte[] Decode(ReadOnlySpan<byte> text)
    {
        var decoded = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != (byte)'\\')
            {
                decoded.Add(text[i]);
            }
            else if (text[++i] == (byte)'u')
            {
                var characters = new string(Unit(text, i + 1), 1);
                i += 4;
                if (char.IsHighSurrogate(characters[0]) && i + 6 < text.Length && text[i + 1] == (byte)'\\' && text[i + 2] == (byte)'u' && char.IsLowSurrogate(Unit(text, i + 3)))
                {
                    characters += Unit(text, i + 3);
                    i += 6;
                }

                decoded.AddRange(Encoding.UTF8.GetBytes(characters));
            }
            else
            {
                decoded.Add(text[i] switch { (byte)'n' => 10, (byte)'t' => 9, (byte)'r' => 13, (byte)'b' => 8, (byte)'f' => 12, var itself => itself });
            }
        }

        return [.. decoded];
    }

    private static char Unit(ReadOnlySpan<byte> text, int at) => (char)ushort.Parse(text.Slice(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
