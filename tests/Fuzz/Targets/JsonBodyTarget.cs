using System.Buffers;
using System.Text;
using System.Text.Json;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>
/// A JSON API's parser: pieces make no difference, System.Text.Json's document agrees, the model is where it is said to be, and a body with
/// another model is the same otherwise.
/// </summary>
internal sealed class JsonBodyTarget(string name, JsonApi api, ModelNames names) : IFuzzTarget
{
    private static readonly byte[][] JsonWords = [.. ((string[])
    [
        "\"model\":\"m\",", "\"mod\\u0065l\"", "\"stream\":true,", "\"max_tokens\":7,", "\"max_completion_tokens\":1e2,", "\"max_output_tokens\":0,",
        "\"cache_salt\":\"s\",", "\"extra_key\":\"k\",", "\"sampling_params\":{\"max_tokens\":1,\"max_new_tokens\":2},", "\"prompt\":", "\"messages\":", "\"input\":",
        "\"items\":", "\"token_ids\":", "\"input_ids\":", "\"content\":", "[1,2.0,3e0]", "[{}]", "[[", "]]", "{\"a\":", "}", "{", "[", "]", "\"", "\\", "\\\"", "\\u00e9", "\\ud83d\\ude00", "\\ud800",
        ":", ",", " ", "\n", "null", "true", "false", "0", "-0", "-1", "1.5", "4294967295", "4294967296", "9223372036854775807", "1e400", "01", "é", "中", "\0", "//", "{}", "\"\"",
    ]).Select(Encoding.UTF8.GetBytes), [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf]];

    private static readonly string[] OtherNames = ["other", "a\"\\b", "né\n", "", "\U0001F600", new('x', 700)];

    private readonly JsonBody _parser = new(api, names);

    public string Name => name;

    public string Description => $"{name} bodies: pieces, agreement with a document, place and edit of the model";

    public IReadOnlyList<byte[]> Words => JsonWords;

    public FuzzOutcome Run(byte[] input, Random random)
    {
        var whole = _parser.Parse(new ReadOnlySequence<byte>(input));
        var fault = Disagreement(whole, JsonOracle.Parse(input, api)) ?? Misplacement(whole, input);
        for (var i = 0; i < 3 && fault is null; i++)
        {
            var body = Pieces.Of(input, random);
            var pieces = _parser.Parse(body.Content);
            fault = Pieces.Difference(whole, pieces) ?? (pieces.CanEditModel ? EditFault(body, pieces, input, OtherNames[random.Next(OtherNames.Length)]) : null);
            body.Release();
        }

        return new FuzzOutcome(whole.Error is null, fault);
    }

    private string? Disagreement(in ParsedRequest parsed, in ParsedRequest expected)
    {
        var found = parsed with
        {
            ModelOffset = 0,
            CacheSaltOffset = 0,
            Prompt = default,
            Error = parsed.Error is { } error && expected.Error == api.NotAnObject && error.StartsWith(api.NotAnObject, StringComparison.Ordinal) ? api.NotAnObject : parsed.Error,
        };
        return found == expected ? null : $"parsed: {parsed}\na document says: {expected}";
    }

    /// <summary>What is said to be the model and the salt must be those JSON values.</summary>
    private string? Misplacement(in ParsedRequest parsed, byte[] input)
    {
        if (parsed.Error is not null)
        {
            return parsed.CanEditModel ? "a refused body has a model to edit" : null;
        }

        if (parsed.CacheSaltLength > 0 && !IsText(input, parsed.CacheSaltOffset, parsed.CacheSaltLength))
        {
            return "no string is where the cache salt is said to be";
        }

        if (!api.HasModel)
        {
            return parsed.CanEditModel ? "an API without a model has one to edit" : null;
        }

        if (parsed.ModelLength == 0)
        {
            return input[parsed.ModelOffset - 1] == (byte)'{' && input.AsSpan(0, (int)parsed.ModelOffset - 1).IndexOfAnyExcept(" \t\r\n"u8) < 0 ? null : "a new model would not stand behind the brace";
        }

        using var value = JsonDocument.Parse(input.AsMemory((int)parsed.ModelOffset, parsed.ModelLength), new JsonDocumentOptions { MaxDepth = JsonBody.MaxDepth });
        var model = value.RootElement.ValueKind == JsonValueKind.String ? value.RootElement.GetString() : "";
        return model == parsed.Model ? null : $"where the model is said to be stands '{model}'";
    }

    private static bool IsText(byte[] input, long offset, int length)
    {
        using var value = JsonDocument.Parse(input.AsMemory((int)offset, length));
        return value.RootElement.ValueKind == JsonValueKind.String;
    }

    private string? EditFault(BodyBuffer body, in ParsedRequest parsed, byte[] input, string model)
    {
        ModelValue.Replace(body, parsed, model);
        var edited = body.Content.ToArray();
        var behind = input.AsSpan((int)parsed.ModelOffset + parsed.ModelLength);
        if (!edited.AsSpan().StartsWith(input.AsSpan(0, (int)parsed.ModelOffset)) || !edited.AsSpan().EndsWith(behind) || edited.Length != body.Length)
        {
            return "the edit changed more than the model";
        }

        var value = edited.AsSpan((int)parsed.ModelOffset, edited.Length - behind.Length - (int)parsed.ModelOffset);
        var again = _parser.Parse(body.Content);
        return again with { ModelOffset = 0, ModelLength = 0, CacheSaltOffset = 0, Prompt = default } != parsed with { Model = model, ModelOffset = 0, ModelLength = 0, CacheSaltOffset = 0, Prompt = default }
            ? $"parsed: {parsed}\nafter the edit to '{model}': {again}\nedited value: {Encoding.UTF8.GetString(value)}"
            : null;
    }
}
