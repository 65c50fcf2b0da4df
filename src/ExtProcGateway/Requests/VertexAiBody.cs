using System.Buffers;
using Orleans.Inference.ExtProcGateway.Protocol.Wire;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>
/// Reads the requests of Vertex AI's <c>PredictionService</c> that carry an OpenAI body: a gRPC message whose <c>google.api.HttpBody</c> holds the
/// JSON. The model is read, but not to be edited: the lengths around it would have to change with it.
/// </summary>
/// <param name="json">Reads the JSON.</param>
internal sealed class VertexAiBody(JsonBody json) : BodyParser
{
    /// <summary>Field of the HttpBody in <c>ChatCompletionsRequest</c>, <c>RawPredictRequest</c> and <c>StreamRawPredictRequest</c> alike.</summary>
    private const int HttpBody = 2;

    /// <summary>Field of the bytes in <c>google.api.HttpBody</c>.</summary>
    private const int Data = 2;

    /// <inheritdoc/>
    public override ParsedRequest Parse(in ReadOnlySequence<byte> body)
    {
        if (GrpcFrame.Read(body, out var message) is { } error)
        {
            return ParsedRequest.Refused(error);
        }

        var (found, data) = (false, ReadOnlySequence<byte>.Empty);
        var fields = new SequenceProtoReader(message);
        while (fields.TryReadTag(out var field, out var type))
        {
            if (field != HttpBody || type != WireType.LengthDelimited)
            {
                fields.TrySkip(type);
            }
            else if (fields.TryReadBytes(out var httpBody))
            {
                found = true;
                if (!TryReadData(httpBody, ref data))
                {
                    return ParsedRequest.Refused("error unmarshaling HttpBody");
                }
            }
        }

        return fields.Malformed ? ParsedRequest.Refused("error unmarshaling request message")
            : found ? WithinBody(json.Parse(data), body, data)
            : ParsedRequest.Refused("invalid request message: must have http_body field");
    }

    /// <inheritdoc/>
    public override void AppendPrompt(in ReadOnlySequence<byte> body, in ParsedRequest parsed, ref PromptSink prompt) => json.AppendPrompt(body, parsed, ref prompt);

    private static ParsedRequest WithinBody(in ParsedRequest parsed, in ReadOnlySequence<byte> body, in ReadOnlySequence<byte> data)
    {
        if (parsed.Error is not null)
        {
            return parsed;
        }

        var before = body.Slice(body.Start, data.Start).Length;
        return parsed with
        {
            ModelOffset = 0,
            ModelLength = 0,
            CacheSaltOffset = parsed.CacheSaltLength == 0 ? 0 : parsed.CacheSaltOffset + before,
            Prompt = parsed.Prompt.Within(before),
        };
    }

    /// <summary>Of a repeated field the last counts.</summary>
    private static bool TryReadData(in ReadOnlySequence<byte> message, ref ReadOnlySequence<byte> data)
    {
        var fields = new SequenceProtoReader(message);
        while (fields.TryReadTag(out var field, out var type))
        {
            if (field != Data || type != WireType.LengthDelimited)
            {
                fields.TrySkip(type);
            }
            else if (fields.TryReadBytes(out var value))
            {
                data = value;
            }
        }

        return !fields.Malformed;
    }
}
