using System.Text;
using System.Text.Json;
using Orleans.Inference.Simulator.Engine;
using Orleans.Inference.Simulator.Text;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>Writes whole answers, and the JSON of chunks.</summary>
internal static class AnswerWriter
{
    public static void WriteWhole(Utf8JsonWriter json, Generation generation)
    {
        WriteHead(json, generation, generation.Format.WholeObject);
        json.WriteStartArray("choices");
        for (var i = 0; i < generation.Sequences.Count; i++)
        {
            var sequence = generation.Sequences[i];
            json.WriteStartObject();
            json.WriteNumber("index", i);
            generation.Format.WriteText(json, TextOf(sequence, 0, sequence.Generated));
            WriteChoiceEnd(json, sequence.Finish);
        }

        json.WriteEndArray();
        WriteUsage(json, generation.CountUsage());
        json.WriteEndObject();
    }

    public static void WriteChunk(Utf8JsonWriter json, Generation generation, int choice, string text, FinishReason finish, bool isRole)
    {
        WriteHead(json, generation, generation.Format.ChunkObject);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        generation.Format.WriteDelta(json, text, isRole);
        WriteChoiceEnd(json, finish);
        json.WriteEndArray();
        if (generation.ContinuousUsage)
        {
            WriteUsage(json, generation.CountUsage());
        }
        else if (generation.IncludeUsage)
        {
            json.WriteNull("usage");
        }

        json.WriteEndObject();
    }

    public static void WriteUsageChunk(Utf8JsonWriter json, Generation generation)
    {
        WriteHead(json, generation, generation.Format.ChunkObject);
        json.WriteStartArray("choices");
        json.WriteEndArray();
        WriteUsage(json, generation.CountUsage());
        json.WriteEndObject();
    }

    /// <summary>The text of the output tokens from one position to another.</summary>
    public static string TextOf(EngineRequest sequence, int from, int to)
    {
        if (to - from == 1)
        {
            return Vocabulary.TextOf(sequence.Output.Span[from]);
        }

        var text = new StringBuilder();
        foreach (var token in sequence.Output.Span[from..to])
        {
            text.Append(Vocabulary.TextOf(token));
        }

        return text.ToString();
    }

    private static void WriteHead(Utf8JsonWriter json, Generation generation, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", generation.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", generation.Created);
        json.WriteString("model", generation.Model);
    }

    private static void WriteChoiceEnd(Utf8JsonWriter json, FinishReason finish)
    {
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finish switch
        {
            FinishReason.None => null,
            FinishReason.Stop => "stop",
            FinishReason.Length => "length",
            _ => "abort",
        });
        json.WriteNull("stop_reason");
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.PromptTokens);
        json.WriteNumber("total_tokens", usage.PromptTokens + usage.CompletionTokens);
        json.WriteNumber("completion_tokens", usage.CompletionTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
