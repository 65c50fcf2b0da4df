using System.Text.Json;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Checks the shapes that prompts and messages may have, without reading their text.</summary>
/// <remarks>Each method starts on the value's first token and ends on its last.</remarks>
internal static class PromptContent
{
    /// <summary>A non-empty string, an array of strings, or an array of token ids; not mixed, not empty.</summary>
    public static bool IsPrompt(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return !IsEmpty(ref reader);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return false;
        }

        var (strings, tokens, others) = (0, 0, 0);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                strings++;
            }
            else if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out _))
            {
                tokens++;
            }
            else
            {
                others++;
                reader.Skip();
            }
        }

        return others == 0 && strings + tokens > 0 && (strings == 0 || tokens == 0);
    }

    /// <summary>At least one message, each an object whose content is a string, an array of blocks, null or not there.</summary>
    public static bool AreMessages(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return false;
        }

        var (count, valid) = (0, true);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            count++;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                valid &= IsMessage(ref reader);
            }
            else
            {
                valid = false;
                reader.Skip();
            }
        }

        return valid && count > 0;
    }

    private static bool IsMessage(ref Utf8JsonReader reader)
    {
        var valid = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = reader.ValueTextEquals("content"u8);
            reader.Read();
            if (isContent)
            {
                // An assistant's message that only calls tools has null as its content.
                valid = reader.TokenType is JsonTokenType.String or JsonTokenType.StartArray or JsonTokenType.Null;
            }

            reader.Skip();
        }

        return valid;
    }

    private static bool IsEmpty(ref Utf8JsonReader reader) =>
        reader.HasValueSequence ? reader.ValueSequence.IsEmpty : reader.ValueSpan.IsEmpty;
}
