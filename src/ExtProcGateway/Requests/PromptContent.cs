using System.Text.Json;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Checks the shapes that prompts and messages may have, without reading their text.</summary>
/// <remarks>Each method starts on the value's first token and ends on its last.</remarks>
internal static class PromptContent
{
    /// <summary>Checks a value.</summary>
    /// <param name="tokens">Number of token ids, where it is an array of them.</param>
    public static ContentState Check(ref Utf8JsonReader reader, ContentShape shape, out int tokens)
    {
        tokens = 0;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return ContentState.Missing;
        }

        switch (shape)
        {
            case ContentShape.Prompt or ContentShape.Input when reader.TokenType == JsonTokenType.String:
            case ContentShape.Text when reader.TokenType == JsonTokenType.String:
                return IsEmpty(ref reader) ? ContentState.Missing : ContentState.Present;
            case ContentShape.Prompt when reader.TokenType == JsonTokenType.StartArray:
                return CheckElements(ref reader, textAllowed: true, nestedAllowed: false, out tokens);
            case ContentShape.Input when reader.TokenType == JsonTokenType.StartArray:
                return CheckElements(ref reader, textAllowed: true, nestedAllowed: true, out tokens);
            case ContentShape.Tokens when reader.TokenType == JsonTokenType.StartArray:
                return CheckElements(ref reader, textAllowed: false, nestedAllowed: false, out tokens);
            case ContentShape.Messages or ContentShape.Items when reader.TokenType == JsonTokenType.StartArray:
                return CheckObjects(ref reader, messages: shape == ContentShape.Messages);
            case ContentShape.Anything:
                reader.Skip();
                return ContentState.Present;
            default:
                reader.Skip();
                return ContentState.Malformed;
        }
    }

    /// <summary>Token ids only, strings only, arrays of token ids only, or objects only.</summary>
    private static ContentState CheckElements(ref Utf8JsonReader reader, bool textAllowed, bool nestedAllowed, out int tokens)
    {
        var (strings, arrays, objects, others) = (0, 0, 0, 0);
        tokens = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number && JsonWholeNumber.TryRead(ref reader, out var token) && token <= uint.MaxValue)
            {
                tokens++;
            }
            else if (reader.TokenType == JsonTokenType.String && textAllowed)
            {
                strings++;
            }
            else if (reader.TokenType == JsonTokenType.StartArray && nestedAllowed)
            {
                arrays++;
                others += CheckElements(ref reader, textAllowed: false, nestedAllowed: false, out _) == ContentState.Malformed ? 1 : 0;
            }
            else if (reader.TokenType == JsonTokenType.StartObject && nestedAllowed)
            {
                objects++;
                reader.Skip();
            }
            else
            {
                others++;
                reader.Skip();
            }
        }

        var count = strings + tokens + arrays + objects;
        return others > 0 || (count > 0 && count != Math.Max(Math.Max(strings, tokens), Math.Max(arrays, objects))) ? ContentState.Malformed
            : count > 0 ? ContentState.Present
            : ContentState.Missing;
    }

    private static ContentState CheckObjects(ref Utf8JsonReader reader, bool messages)
    {
        var (count, valid) = (0, true);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            count++;
            if (reader.TokenType == JsonTokenType.StartObject && messages)
            {
                valid &= IsMessage(ref reader);
            }
            else
            {
                valid &= reader.TokenType == JsonTokenType.StartObject;
                reader.Skip();
            }
        }

        return !valid ? ContentState.Malformed : count > 0 ? ContentState.Present : ContentState.Missing;
    }

    /// <summary>An object whose content is a string, an array of blocks, null or not there.</summary>
    private static bool IsMessage(ref Utf8JsonReader reader)
    {
        var valid = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = JsonKey.Is(ref reader, "content"u8);
            reader.Read();
            if (!isContent)
            {
                reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                valid = CheckObjects(ref reader, messages: false) != ContentState.Malformed;
            }
            else
            {
                // An assistant's message that only calls tools has null as its content.
                valid = reader.TokenType is JsonTokenType.String or JsonTokenType.Null;
                reader.Skip();
            }
        }

        return valid;
    }

    private static bool IsEmpty(ref Utf8JsonReader reader) =>
        reader.HasValueSequence ? reader.ValueSequence.IsEmpty : reader.ValueSpan.IsEmpty;
}
