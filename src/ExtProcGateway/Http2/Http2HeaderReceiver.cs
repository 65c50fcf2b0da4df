using System.Buffers;
using Orleans.Inference.ExtProcGateway.Http2.Hpack;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>Receives header blocks: HEADERS and CONTINUATION, requests that begin, trailers that end them.</summary>
internal sealed class Http2HeaderReceiver(Http2Connection connection, Http2StreamTable streams, Http2Conduct conduct)
{
    /// <summary>What a request costs of the abuse budget; its first message earns more.</summary>
    private const int HeadersCost = 2;

    private readonly Http2ConnectionLimits _limits = connection.Limits;
    private readonly HpackDecoder _hpack = new(Http2ConnectionLimits.HeaderTableSize, connection.Limits.MaxHeaderListSize);
    private readonly Http2RequestHeaders _headers = new();
    private readonly Http2HeaderBlock _block = new();

    /// <summary>The stream whose block is not complete: only its CONTINUATION may come; 0 when none is.</summary>
    public int IncompleteStream => _block.StreamId;

    /// <summary><c>:status 431</c>.</summary>
    private static ReadOnlySpan<byte> HeadersTooLarge => [0x08, 0x03, (byte)'4', (byte)'3', (byte)'1'];

    public bool OnHeaders(Http2FrameHeader header, ReadOnlySequence<byte> payload)
    {
        if ((header.StreamId & 1) == 0)
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "HEADERS on a stream that is not the client's");
        }

        if (header.Has(Http2FrameHeader.Padded) && !Http2Payload.TryUnpad(ref payload))
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "padding longer than the frame");
        }

        if (header.Has(Http2FrameHeader.Priority))
        {
            if (payload.Length < 5)
            {
                return conduct.Fail(Http2ErrorCode.FrameSizeError, "HEADERS too short for its priority");
            }

            if (Http2Payload.ReadWord(payload) == header.StreamId)
            {
                return conduct.Fail(Http2ErrorCode.ProtocolError, "a stream that depends on itself");
            }

            payload = payload.Slice(5);
        }

        var endStream = header.Has(Http2FrameHeader.EndStream);
        _block.Begin(header.StreamId, endStream);
        if (!header.Has(Http2FrameHeader.EndHeaders))
        {
            _block.Append(payload);
            return true;
        }

        if (payload.IsSingleSegment)
        {
            return OnBlock(payload.FirstSpan);
        }

        _block.Append(payload);
        return OnBlock(_block.Bytes);
    }

    public bool OnContinuation(Http2FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        if (_block.StreamId == 0)
        {
            return conduct.Fail(Http2ErrorCode.ProtocolError, "CONTINUATION without HEADERS");
        }

        if (_block.Length + payload.Length > _limits.MaxHeaderListSize + Http2ConnectionLimits.MaxFrameSize)
        {
            return conduct.Fail(Http2ErrorCode.EnhanceYourCalm, "header block too large");
        }

        _block.Append(payload);
        return conduct.Spend(1) && (!header.Has(Http2FrameHeader.EndHeaders) || OnBlock(_block.Bytes));
    }

    /// <summary>A whole header block: it is decoded in any case, or the table would be wrong for the next one.</summary>
    private bool OnBlock(ReadOnlySpan<byte> block)
    {
        var id = _block.StreamId;
        var trailers = streams.TryGet(id, out var stream);
        _headers.Begin(trailers);
        var result = _hpack.Decode(block, _headers);
        _headers.End();
        _block.End();
        if (result == HpackResult.Malformed)
        {
            return conduct.Fail(Http2ErrorCode.CompressionError, "malformed header block");
        }

        if (!conduct.Spend(HeadersCost))
        {
            return false;
        }

        if (stream is not null)
        {
            OnTrailers(stream);
            return true;
        }

        return streams.IsIdle(id) ? OnRequest(id, result) : streams.WasResetHere(id) || conduct.Fail(Http2ErrorCode.StreamClosed, "HEADERS on a closed stream");
    }

    private bool OnRequest(int id, HpackResult result)
    {
        streams.LastId = id;
        if (connection.RefusesStreams || streams.Count >= _limits.MaxStreams)
        {
            streams.Refuse(id, Http2ErrorCode.RefusedStream);
        }
        else if (result == HpackResult.ListTooLarge)
        {
            connection.Sender.WriteHeaders(id, HeadersTooLarge, endStream: true);
            if (!_block.EndStream)
            {
                streams.Refuse(id, Http2ErrorCode.NoError);
            }
        }
        else if (_headers.Malformed || (_block.EndStream && _headers.ContentLength > 0))
        {
            streams.Refuse(id, Http2ErrorCode.ProtocolError);
        }
        else
        {
            streams.Open(id, _block.EndStream, _headers);
        }

        return true;
    }

    private void OnTrailers(Http2Stream stream)
    {
        if (stream.RequestEnded)
        {
            stream.Reset(Http2ErrorCode.StreamClosed);
            return;
        }

        var error = _block.EndStream && !_headers.Malformed ? stream.ReceiveTrailers() : Http2ErrorCode.ProtocolError;
        if (error != Http2ErrorCode.NoError)
        {
            stream.Reset(error);
        }
    }
}
