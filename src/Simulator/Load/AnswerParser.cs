using System.Text;
using System.Text.Json;

namespace Orleans.Inference.Simulator.Load;

/// <summary>Collects text and usage from a chat completion, whole or piece by piece.</summary>
internal sealed class AnswerParser
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public int PromptTokens { get; private set; }

    public int CachedTokens { get; private set; }

    public int OutputTokens { get; private set; }

    /// <summary>Whether the event that ends a stream was there.</summary>
    public bool IsDone { get; private set; }

    /// <summary>One line of a stream of events.</summary>
    /// <returns>Whether the line is a piece of an answer.</returns>
    /// <exception cref="JsonException">The event is not JSON.</exception>
    public bool AddLine(string line)
    {
        const string Prefix = "data: ";
        if (!line.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        if (line.AsSpan(Prefix.Length) is "[DONE]")
        {
            IsDone = true;
            return false;
        }

        Add(line.AsMemory(Prefix.Length));
        return true;
    }

    /// <summary>One JSON document: a whole answer or a chunk.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public void Add(ReadOnlyMemory<char> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0)
        {
            var choice = choices[0];
            if ((choice.TryGetProperty("delta", out var message) || choice.TryGetProperty("message", out message))
                && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
            {
                _text.Append(content.GetString());
            }
        }

        if (root.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            PromptTokens = Number(usage, "prompt_tokens");
            OutputTokens = Number(usage, "completion_tokens");
            CachedTokens = usage.TryGetProperty("prompt_tokens_details", out var details) && details.ValueKind == JsonValueKind.Object
                ? Number(details, "cached_tokens")
                : 0;
        }
    }

    private static int Number(JsonElement parent, string name)
    {
        return parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;
    }
}
