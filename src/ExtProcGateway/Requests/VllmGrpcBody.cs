using System.Buffers;
using Orleans.Inference.ExtProcGateway.Protocol.Wire;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Reads the requests of vLLM's gRPC service <c>vllm.grpc.engine.VllmEngine</c>, which name no model.</summary>
/// <param name="embed"><c>EmbedRequest</c>, whose input is tokens; without that <c>GenerateRequest</c>, whose input is tokens or text.</param>
internal sealed class VllmGrpcBody(bool embed) : BodyParser
{
    private const int LongestVarint = 10;

    /// <summary>Field of the ids in <c>TokenizedInput</c>.</summary>
    private const int InputIds = 2;

    /// <summary>Field numbers of <c>GenerateRequest</c>; <c>EmbedRequest</c> has the first of them only.</summary>
    private enum Field
    {
        Tokenized = 2,
        Text = 3,
        SamplingParams = 4,
        Stream = 5,
    }

    /// <inheritdoc/>
    public override ParsedRequest Parse(in ReadOnlySequence<byte> body)
    {
        if (GrpcFrame.Read(body, out var message) is { } error)
        {
            return ParsedRequest.Refused(error);
        }

        var (hasInput, stream) = (false, false);
        long? limit = null;
        var fields = new SequenceProtoReader(message);
        while (fields.TryReadTag(out var field, out var type))
        {
            switch ((Field)field, type)
            {
                case (Field.Tokenized, WireType.LengthDelimited):
                    if (fields.TryReadBytes(out var tokenized) && !IsTokenizedInput(tokenized))
                    {
                        return Malformed();
                    }

                    hasInput = true;
                    break;
                case (Field.Text, WireType.LengthDelimited) when !embed:
                    hasInput = fields.TryReadBytes(out _);
                    break;
                case (Field.SamplingParams, WireType.LengthDelimited) when !embed:
                    if (fields.TryReadBytes(out var sampling) && !TryReadLimit(sampling, ref limit))
                    {
                        return Malformed();
                    }

                    break;
                case (Field.Stream, WireType.Varint) when !embed:
                    fields.TryReadVarint(out var flag);
                    stream = flag != 0;
                    break;
                default:
                    fields.TrySkip(type);
                    break;
            }
        }

        return fields.Malformed ? Malformed()
            : hasInput ? new ParsedRequest { Stream = stream, MaxOutputTokens = limit }
            : ParsedRequest.Refused(embed ? "invalid EmbedRequest: must have tokenized input" : "invalid GenerateRequest: must have text or tokenized input");
    }

    /// <inheritdoc/>
    public override void AppendPrompt(in ReadOnlySequence<byte> body, in ParsedRequest parsed, ref PromptSink prompt)
    {
        GrpcFrame.Read(body, out var message);
        var text = LastText(message, out var tokenized);
        prompt.AppendRaw(text);
        var fields = new SequenceProtoReader(tokenized);
        while (fields.TryReadTag(out var field, out var type))
        {
            if ((Field)field == Field.Tokenized && type == WireType.LengthDelimited)
            {
                fields.TryReadBytes(out var input);
                AppendIds(input, ref prompt);
            }
            else
            {
                fields.TrySkip(type);
            }
        }

        prompt.EndPrompt();
    }

    /// <summary>
    /// The input, of which there is one kind, and the last that was written counts: the text, or else, with an empty text, the fields in which the tokenized input is, the parts of which belong together.
    /// </summary>
    private ReadOnlySequence<byte> LastText(in ReadOnlySequence<byte> message, out ReadOnlySequence<byte> tokenized)
    {
        var text = ReadOnlySequence<byte>.Empty;
        tokenized = message;
        var fields = new SequenceProtoReader(message);
        while (fields.TryReadTag(out var field, out var type))
        {
            if ((Field)field == Field.Text && type == WireType.LengthDelimited && !embed)
            {
                fields.TryReadBytes(out text);
                tokenized = fields.Rest;
            }
            else
            {
                text = (Field)field == Field.Tokenized && type == WireType.LengthDelimited ? ReadOnlySequence<byte>.Empty : text;
                fields.TrySkip(type);
            }
        }

        return text;
    }

    private static void AppendIds(in ReadOnlySequence<byte> tokenized, ref PromptSink prompt)
    {
        var fields = new SequenceProtoReader(tokenized);
        while (fields.TryReadTag(out var field, out var type))
        {
            if (field == InputIds && type == WireType.LengthDelimited)
            {
                fields.TryReadBytes(out var packed);
                TokenIds.AppendVarints(packed, ref prompt);
            }
            else if (field == InputIds && type == WireType.Varint)
            {
                fields.TryReadVarint(out var id);
                prompt.AppendIds([(uint)id]);
                prompt.Count(1);
            }
            else
            {
                fields.TrySkip(type);
            }
        }
    }

    private ParsedRequest Malformed() => ParsedRequest.Refused(embed ? "error unmarshaling EmbedRequest" : "error unmarshaling GenerateRequest");

    /// <summary><c>max_tokens</c> of <c>SamplingParams</c>; where it occurs again the last counts.</summary>
    private static bool TryReadLimit(in ReadOnlySequence<byte> message, ref long? limit)
    {
        const int MaxTokens = 8;
        var fields = new SequenceProtoReader(message);
        while (fields.TryReadTag(out var field, out var type))
        {
            if (field == MaxTokens && type == WireType.Varint)
            {
                if (fields.TryReadVarint(out var value))
                {
                    limit = (uint)value;
                }
            }
            else
            {
                fields.TrySkip(type);
            }
        }

        return !fields.Malformed;
    }

    /// <summary>Whether a <c>TokenizedInput</c> can be decoded; its ids come packed, one by one, or both.</summary>
    private static bool IsTokenizedInput(in ReadOnlySequence<byte> message)
    {
        var fields = new SequenceProtoReader(message);
        while (fields.TryReadTag(out var field, out var type))
        {
            if (field != InputIds || type != WireType.LengthDelimited)
            {
                fields.TrySkip(type);
            }
            else if (fields.TryReadBytes(out var packed) && !AreVarints(packed))
            {
                return false;
            }
        }

        return !fields.Malformed;
    }

    private static bool AreVarints(in ReadOnlySequence<byte> packed)
    {
        var length = 0;
        foreach (var piece in packed)
        {
            foreach (var b in piece.Span)
            {
                length++;
                if (length > LongestVarint)
                {
                    return false;
                }

                length = b < 0x80 ? 0 : length;
            }
        }

        return length == 0;
    }
}
