using System.Buffers;
using System.Text.Json;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Reads a JSON body in one pass over its bytes: what the decision needs, and whether the body is acceptable.</summary>
internal sealed class JsonBody(JsonApi api, ModelNames names) : BodyParser
{
    /// <summary>As deep as Go's reader goes, by which the reference picker reads. A level costs a bit.</summary>
    internal const int MaxDepth = 10_000;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <inheritdoc/>
    public override string RenderPath => api.RenderPath;

    /// <inheritdoc/>
    public override ParsedRequest Parse(in ReadOnlySequence<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            return Read(ref reader);
        }
        catch (JsonException e)
        {
            return ParsedRequest.Refused(api.NotAnObject + e.Message);
        }
        catch (IndexOutOfRangeException)
        {
            // The reader's own fault: it fails while it builds its exception when true, false or null is cut off and a piece without bytes follows.
            return ParsedRequest.Refused(api.NotAnObject + "the body ends within a value");
        }
    }

    /// <inheritdoc/>
    public override void AppendPrompt(in ReadOnlySequence<byte> body, in ParsedRequest parsed, ref PromptSink prompt) =>
        JsonPrompt.Append(api.Prompt, body, parsed.Prompt, ref prompt);

    private ParsedRequest Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return ParsedRequest.Refused(api.NotAnObject + "the body is not a JSON object");
        }

        // Of a repeated key the last value counts, as in every map-based reader behind the picker.
        var fields = new JsonFields { Model = "", ModelOffset = api.HasModel ? reader.BytesConsumed : 0 };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonKey.Is(ref reader, api.Content))
            {
                reader.Read();
                ReadContent(ref reader, ref fields);
            }
            else if (api.HasModel && JsonKey.Is(ref reader, "model"u8))
            {
                reader.Read();
                ReadModel(ref reader, ref fields);
            }
            else if (api.Preamble.Length > 0 && JsonKey.Is(ref reader, api.Preamble))
            {
                reader.Read();
                fields.Prompt = fields.Prompt with { Preamble = RangeOf(ref reader) };
            }
            else if (api.Tools.Length > 0 && JsonKey.Is(ref reader, api.Tools))
            {
                reader.Read();
                fields.Prompt = fields.Prompt with { Tools = RangeOf(ref reader) };
            }
            else if (JsonKey.Is(ref reader, "stream"u8))
            {
                reader.Read();
                fields.Stream = reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
            else if (JsonKey.Is(ref reader, api.CacheSalt))
            {
                reader.Read();
                ReadCacheSalt(ref reader, ref fields);
            }
            else if (api.MaxTokensObject is { } within && JsonKey.Is(ref reader, within))
            {
                reader.Read();
                ReadLimits(ref reader, ref fields);
            }
            else if (api.MaxTokensObject is null && LimitOf(ref reader) is var limit and >= 0)
            {
                reader.Read();
                ReadLimit(ref reader, ref fields, limit);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read(); // anything behind the object but white space is malformed, and throws
        return Outcome(fields);
    }

    private ParsedRequest Outcome(in JsonFields fields)
    {
        if (fields.Content != ContentState.Present)
        {
            return ParsedRequest.Refused(fields.Content == ContentState.Malformed ? api.MalformedContent ?? api.MissingContent : api.MissingContent);
        }

        if (fields.MalformedCacheSalt && api.MalformedCacheSalt is { } error)
        {
            return ParsedRequest.Refused(error);
        }

        return new ParsedRequest
        {
            Model = fields.Model,
            ModelOffset = fields.ModelOffset,
            ModelLength = fields.ModelLength,
            Stream = fields.Stream,
            MaxOutputTokens = fields.FirstLimit ?? fields.SecondLimit,
            CacheSaltOffset = fields.CacheSaltOffset,
            CacheSaltLength = fields.CacheSaltLength,
            Prompt = fields.Prompt,
        };
    }

    private void ReadContent(ref Utf8JsonReader reader, ref JsonFields fields)
    {
        var start = reader.TokenStartIndex;
        fields.Content = PromptContent.Check(ref reader, api.Shape, out var tokens);
        fields.Prompt = fields.Prompt with { Content = new BodyRange(start, (int)(reader.BytesConsumed - start)), TokenIds = tokens };
    }

    /// <summary>Passes over the value that the reader stands on, and tells where it is; of null that there is none.</summary>
    private static BodyRange RangeOf(ref Utf8JsonReader reader)
    {
        var (start, isNull) = (reader.TokenStartIndex, reader.TokenType == JsonTokenType.Null);
        reader.Skip();
        return isNull ? default : new BodyRange(start, (int)(reader.BytesConsumed - start));
    }

    private void ReadModel(ref Utf8JsonReader reader, ref JsonFields fields)
    {
        fields.ModelOffset = reader.TokenStartIndex;
        fields.Model = reader.TokenType == JsonTokenType.String ? JsonName.Read(ref reader, names) : "";
        reader.Skip();
        fields.ModelLength = (int)(reader.BytesConsumed - fields.ModelOffset);
    }

    private static void ReadCacheSalt(ref Utf8JsonReader reader, ref JsonFields fields)
    {
        var start = reader.TokenStartIndex;
        fields.MalformedCacheSalt = reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null);
        var isText = reader.TokenType == JsonTokenType.String;
        reader.Skip();
        var length = (int)(reader.BytesConsumed - start);
        (fields.CacheSaltOffset, fields.CacheSaltLength) = isText && length > 2 ? (start, length) : (0, 0);
    }

    private void ReadLimits(ref Utf8JsonReader reader, ref JsonFields fields)
    {
        fields.FirstLimit = fields.SecondLimit = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (LimitOf(ref reader) is var limit and >= 0)
            {
                reader.Read();
                ReadLimit(ref reader, ref fields, limit);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private int LimitOf(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < api.MaxTokens.Length; i++)
        {
            if (JsonKey.Is(ref reader, api.MaxTokens[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static void ReadLimit(ref Utf8JsonReader reader, ref JsonFields fields, int limit)
    {
        long? value = reader.TokenType == JsonTokenType.Number && JsonWholeNumber.TryRead(ref reader, out var number) ? number : null;
        reader.Skip();
        (limit == 0 ? ref fields.FirstLimit : ref fields.SecondLimit) = value;
    }

    /// <summary>What has been read so far.</summary>
    private struct JsonFields
    {
        public string Model;
        public long ModelOffset;
        public int ModelLength;
        public bool Stream;
        public ContentState Content;
        public PromptRanges Prompt;
        public long CacheSaltOffset;
        public int CacheSaltLength;
        public bool MalformedCacheSalt;
        public long? FirstLimit;
        public long? SecondLimit;
    }
}
