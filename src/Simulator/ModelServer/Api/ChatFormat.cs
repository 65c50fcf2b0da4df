using System.Text.Json;
using Orleans.Inference.Simulator.Text;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary><c>/v1/chat/completions</c>.</summary>
internal sealed class ChatFormat : IAnswerFormat
{
    public string IdPrefix => "chatcmpl-";

    public string WholeObject => "chat.completion";

    public string ChunkObject => "chat.completion.chunk";

    public bool BeginsWithRole => true;

    public int? DefaultLimit => null;

    public List<int[]>? ReadPrompts(GenerationBody body, out ApiError? error)
    {
        error = null;
        if (body.Messages.ValueKind != JsonValueKind.Array)
        {
            error = ApiError.Invalid("messages: Field required, and should be a valid list");
            return null;
        }

        var tokens = new List<int>();
        foreach (var message in body.Messages.EnumerateArray())
        {
            error = AddMessage(message, tokens);
            if (error is not null)
            {
                return null;
            }
        }

        if (tokens.Count == 0)
        {
            error = ApiError.BadRequest("messages: at least one message is needed", "messages");
            return null;
        }

        AddRole("assistant", tokens);
        return [[.. tokens]];
    }

    public void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", text);
        json.WriteNull("refusal");
        json.WriteStartArray("tool_calls");
        json.WriteEndArray();
        json.WriteNull("reasoning_content");
        json.WriteEndObject();
    }

    public void WriteDelta(Utf8JsonWriter json, string text, bool isRole)
    {
        json.WriteStartObject("delta");
        if (isRole)
        {
            json.WriteString("role", "assistant");
        }

        json.WriteString("content", text);
        json.WriteEndObject();
    }

    private static ApiError? AddMessage(JsonElement message, List<int> tokens)
    {
        if (message.ValueKind != JsonValueKind.Object
            || !message.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String)
        {
            return ApiError.Invalid("messages: each should be a dictionary with a role");
        }

        AddRole(role.GetString()!, tokens);
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            Tokenizer.Encode(content.GetString(), tokens);
        }
        else if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                if (part.ValueKind != JsonValueKind.Object)
                {
                    return ApiError.Invalid("messages: each part of a content should be a dictionary");
                }

                // Pictures and sound have no tokens here.
                if (part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
                {
                    Tokenizer.Encode(text.GetString(), tokens);
                }
            }
        }
        else
        {
            return ApiError.Invalid("messages: a content should be a valid string or list");
        }

        tokens.Add(Tokenizer.Number("\n"));
        return null;
    }

    private static void AddRole(string role, List<int> tokens)
    {
        tokens.Add(Tokenizer.Number($"<|{role}|>"));
        tokens.Add(Tokenizer.Number("\n"));
    }
}
