using System.Runtime.InteropServices;
using System.Text.Json;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>Reads a JSON body with System.Text.Json's document: slow, and independent of the reader that is tested.</summary>
internal static class JsonOracle
{
    /// <summary>What the parser must find. Offsets and the text of an error about malformed JSON are not set.</summary>
    public static ParsedRequest Parse(ReadOnlyMemory<byte> body, JsonApi api)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = JsonBody.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, api) : ParsedRequest.Refused(api.NotAnObject);
        }
        catch (JsonException)
        {
            return ParsedRequest.Refused(api.NotAnObject);
        }
    }

    private static ParsedRequest Read(JsonElement root, JsonApi api)
    {
        var models = All(root, "model"u8).ToArray();
        if (api.HasModel && models.Any(model => model.ValueKind == JsonValueKind.String && Text(model) is null))
        {
            return ParsedRequest.Refused(api.NotAnObject);
        }

        var state = Last(root, api.Content) is { } content ? Check(content, api.Shape) : ContentState.Missing;
        if (state != ContentState.Present)
        {
            return ParsedRequest.Refused(state == ContentState.Malformed && api.MalformedContent is { } error ? error : api.MissingContent);
        }

        var salt = Last(root, api.CacheSalt);
        if (api.MalformedCacheSalt is { } malformed && salt is { ValueKind: not (JsonValueKind.String or JsonValueKind.Null) })
        {
            return ParsedRequest.Refused(malformed);
        }

        var limits = api.MaxTokensObject is { } within ? Last(root, within) : root;
        return new ParsedRequest
        {
            Model = api.HasModel && models.LastOrDefault() is { ValueKind: JsonValueKind.String } model ? Text(model)! : "",
            ModelLength = api.HasModel && models.Length > 0 ? RawLength(models[^1]) : 0,
            Stream = Last(root, "stream"u8) is { ValueKind: JsonValueKind.True },
            MaxOutputTokens = limits is { ValueKind: JsonValueKind.Object } from
                ? api.MaxTokens.Select(key => Last(from, key) is { } limit ? WholeNumber(limit) : null).FirstOrDefault(limit => limit is not null)
                : null,
            CacheSaltLength = salt is { ValueKind: JsonValueKind.String } text && RawLength(text) > 2 ? RawLength(text) : 0,
        };
    }

    private static ContentState Check(JsonElement content, ContentShape shape)
    {
        var kind = content.ValueKind;
        if (kind == JsonValueKind.Null)
        {
            return ContentState.Missing;
        }

        if (shape == ContentShape.Anything)
        {
            return ContentState.Present;
        }

        if (kind == JsonValueKind.String && shape is ContentShape.Prompt or ContentShape.Input or ContentShape.Text)
        {
            return RawLength(content) > 2 ? ContentState.Present : ContentState.Missing;
        }

        if (kind != JsonValueKind.Array)
        {
            return ContentState.Malformed;
        }

        var items = content.EnumerateArray().ToArray();
        var sound = shape switch
        {
            ContentShape.Prompt => items.All(item => item.ValueKind == JsonValueKind.String) || items.All(IsToken),
            ContentShape.Input => items.All(item => item.ValueKind == JsonValueKind.String) || items.All(IsToken) || items.All(item => item.ValueKind == JsonValueKind.Object)
                || items.All(item => item.ValueKind == JsonValueKind.Array && item.EnumerateArray().All(IsToken)),
            ContentShape.Tokens => items.All(IsToken),
            ContentShape.Items => items.All(item => item.ValueKind == JsonValueKind.Object),
            ContentShape.Messages => items.All(IsMessage),
            _ => false,
        };
        return !sound ? ContentState.Malformed : items.Length > 0 ? ContentState.Present : ContentState.Missing;
    }

    private static bool IsMessage(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && (Last(item, "content"u8) is not { } content
            || content.ValueKind is JsonValueKind.String or JsonValueKind.Null
            || (content.ValueKind == JsonValueKind.Array && content.EnumerateArray().All(block => block.ValueKind == JsonValueKind.Object)));

    private static bool IsToken(JsonElement item) => WholeNumber(item) is <= uint.MaxValue;

    private static long? WholeNumber(JsonElement item) => item.ValueKind != JsonValueKind.Number ? null
        : item.TryGetInt64(out var whole) ? whole is >= 0 and < 1L << 62 ? whole : null
        : item.TryGetDouble(out var number) && number is >= 0 and < 1L << 62 && Math.Floor(number) == number ? (long)number
        : null;

    private static JsonElement? Last(JsonElement item, ReadOnlySpan<byte> key) => All(item, key) is { Count: > 0 } found ? found[^1] : null;

    private static List<JsonElement> All(JsonElement item, ReadOnlySpan<byte> key)
    {
        var found = new List<JsonElement>();
        foreach (var property in item.EnumerateObject())
        {
            if (IsNamed(property, key))
            {
                found.Add(property.Value);
            }
        }

        return found;
    }

    private static bool IsNamed(JsonProperty property, ReadOnlySpan<byte> key)
    {
        try
        {
            return property.NameEquals(key);
        }
        catch (InvalidOperationException)
        {
            return false; // the name is no Unicode text
        }
    }

    private static int RawLength(JsonElement item) => JsonMarshal.GetRawUtf8Value(item).Length;

    /// <summary>Null where the string is no Unicode text.</summary>
    private static string? Text(JsonElement item)
    {
        try
        {
            return item.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
