using Orleans.Inference.ExtProcGateway.Protocol.Wire;
using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>Reads the token usage out of a response's gRPC messages, from their bytes as they pass, in pieces cut anywhere.</summary>
/// <remarks>
/// <para>An object of its own, because only such responses have one; one thread at a time. Nothing is held back, and nothing allocated beyond the object. What is compressed, malformed
/// or not whole carries no usage.</para>
/// <para>The texts in messages <c>HttpBody</c> are one text, which may be cut between any two messages: a stream of events, or JSON objects, no two of which share a message.</para>
/// </remarks>
/// <param name="format">One for which <see cref="ResponseFormats.IsGrpc"/>.</param>
internal sealed class GrpcUsageReader(ResponseFormat format)
{
    /// <summary>Field of <c>prompt_tokens</c> in <c>EmbedResponse</c>.</summary>
    private const int EmbedPrompt = 2;

    /// <summary>Field of the bytes in <c>google.api.HttpBody</c>.</summary>
    private const int HttpBodyData = 2;

    private GrpcPieceReader _body;
    private ProtoPieceReader _message;
    private VllmUsage _vllm;
    private bool _inMessage;
    private bool _textKnown;

    /// <summary>Goes on with the body's next bytes.</summary>
    /// <param name="text">Gets the text that messages carry, and what they say themselves.</param>
    public void Read(ReadOnlySpan<byte> piece, ref TextUsageReader text)
    {
        while (_body.Read(ref piece, out var content) is var found and not GrpcPiece.None)
        {
            if (found == GrpcPiece.Content)
            {
                _inMessage = true;
                ReadMessage(content, ref text);
            }
            else
            {
                EndMessage(ref text);
            }
        }
    }

    /// <summary>The body has ended: a message that has not is dropped.</summary>
    public void Drop(ref TextUsageReader text)
    {
        if (_inMessage)
        {
            _inMessage = false;
            text.EndMessage(valid: false);
        }
    }

    private void ReadMessage(ReadOnlySpan<byte> bytes, ref TextUsageReader text)
    {
        while (_message.Read(ref bytes, out var content) is var found and not ProtoPiece.None)
        {
            switch (format)
            {
                case ResponseFormat.VllmGenerate:
                    _vllm.Read(found, _message.Field, content);
                    break;
                case ResponseFormat.VllmEmbed when found == ProtoPiece.Varint && _message.Field == EmbedPrompt:
                    _vllm.SetPrompt(_message.Value);
                    break;
                case ResponseFormat.VertexAi when found == ProtoPiece.Content && _message.Field == HttpBodyData:
                    ReadText(content, ref text);
                    break;
            }
        }
    }

    private void ReadText(ReadOnlySpan<byte> content, ref TextUsageReader text)
    {
        if (!_textKnown)
        {
            content = content.TrimStart(" \t\r\n"u8);
            if (content.IsEmpty)
            {
                return;
            }

            _textKnown = true;
            text = new TextUsageReader(ResponseFormat.OpenAi, events: content[0] != '{');
        }

        text.Read(content);
    }

    private void EndMessage(ref TextUsageReader text)
    {
        var valid = _message.IsWhole;
        if (format == ResponseFormat.VertexAi)
        {
            text.EndMessage(valid);
        }
        else if (_vllm.TryTake(valid, out var usage))
        {
            text.Merge(usage);
        }

        _message = default;
        _inMessage = false;
    }
}
