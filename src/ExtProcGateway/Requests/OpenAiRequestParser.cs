using System.Buffers;
using System.Text.Json;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Reads OpenAI completions and chat completions: what the decision needs, and whether the body is acceptable.</summary>
/// <remarks>The body is read once, in place; a prompt never becomes a string. Safe from any thread.</remarks>
internal sealed class OpenAiRequestParser(ModelNames names)
{
    internal const string NoPrompt = "invalid completions request: must have prompt field";
    internal const string NoMessages = "invalid chat completions request: must have valid messages field";
    internal const string NotAnObject = "error unmarshaling request bodyMap: ";

    /// <summary>Deeper than any tool schema; nesting costs memory in every reader behind the picker.</summary>
    private const int MaxDepth = 512;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Reads a body.</summary>
    public ParsedRequest Parse(in ReadOnlySequence<byte> body, RequestShape shape)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            return Read(ref reader, shape);
        }
        catch (JsonException e)
        {
            return ParsedRequest.Refused(NotAnObject + e.Message);
        }
    }

    private ParsedRequest Read(ref Utf8JsonReader reader, RequestShape shape)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return ParsedRequest.Refused(NotAnObject + "the body is not a JSON object");
        }

        var (model, stream, valid) = ("", false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Of a repeated key the last value counts, as in every map-based reader behind the picker.
            if (reader.ValueTextEquals("model"u8))
            {
                reader.Read();
                model = reader.TokenType == JsonTokenType.String ? ReadName(ref reader) : "";
                reader.Skip();
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                reader.Read();
                stream = reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
            else if (shape == RequestShape.Completions && reader.ValueTextEquals("prompt"u8))
            {
                reader.Read();
                valid = PromptContent.IsPrompt(ref reader);
            }
            else if (shape == RequestShape.ChatCompletions && reader.ValueTextEquals("messages"u8))
            {
                reader.Read();
                valid = PromptContent.AreMessages(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read(); // anything behind the object but white space is malformed, and throws
        return valid ? new ParsedRequest(model, stream, null) : ParsedRequest.Refused(shape == RequestShape.ChatCompletions ? NoMessages : NoPrompt);
    }

    private string ReadName(ref Utf8JsonReader reader)
    {
        if (!reader.HasValueSequence && !reader.ValueIsEscaped)
        {
            return names.Get(reader.ValueSpan);
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"the model's name is not valid UTF-8 text: {e.Message}", e);
        }
    }
}
