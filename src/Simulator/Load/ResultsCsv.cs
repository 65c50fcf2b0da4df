using System.Globalization;

namespace Orleans.Inference.Simulator.Load;

/// <summary>One line a request.</summary>
internal static class ResultsCsv
{
    public const string Head = "conversation,turn,model,due_ms,first_token_ms,latency_ms,status,server,prompt_tokens,cached_tokens,output_tokens,error";

    public static async Task WriteAsync(TextWriter output, IEnumerable<RequestResult> results)
    {
        await output.WriteLineAsync(Head);
        foreach (var result in results)
        {
            await output.WriteLineAsync(Line(result));
        }
    }

    public static string Line(RequestResult result)
    {
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Conversation},{result.Turn},{Quote(result.Model)},{result.Due.TotalMilliseconds:F3},{result.FirstToken?.TotalMilliseconds:F3},"
            + $"{result.Latency.TotalMilliseconds:F3},{result.Status},{Quote(result.Server)},{result.PromptTokens},{result.CachedTokens},"
            + $"{result.OutputTokens},{Quote(result.Error ?? "")}");
    }

    private static string Quote(string value)
    {
        return value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"")}\"" : value;
    }
}
