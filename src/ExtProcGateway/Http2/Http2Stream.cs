using System.Buffers;
using System.Diagnostics;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>One HTTP/2 stream of a server; what is done with the request is up to the derived class.</summary>
/// <remarks>All members are used in the connection's turn only. Objects are pooled by their connection and used for many requests.</remarks>
internal abstract class Http2Stream
{
    private readonly OutputQueue _pending = new();
    private byte[] _trailers = [];
    private int _trailersLength;
    private bool _trailersPending;
    private int _reserved;
    private bool _reservedDirectly;
    private long _sendWindow;
    private int _receiveWindow;
    private long _expectedBody;

    protected Http2Stream(Http2Connection connection)
    {
        Connection = connection;
        Sender = connection.Sender;
    }

    public Http2Connection Connection { get; }

    public int Id { get; private set; }

    /// <summary>Bytes of the response body that wait for a window or the transport.</summary>
    public long PendingBytes => _pending.Length;

    /// <summary>The peer has sent END_STREAM.</summary>
    public bool RequestEnded { get; private set; }

    /// <summary>END_STREAM is written, or waits behind pending bytes.</summary>
    public bool ResponseEnded { get; private set; }

    /// <summary>The stream is over; nothing is sent or delivered any more.</summary>
    public bool Closed { get; private set; } = true;

    /// <summary>Whether the request brought something useful; a reset before that spends the peer's budget.</summary>
    public bool Useful { get; protected set; }

    internal bool InSendQueue { get; set; }

    protected Http2Sender Sender { get; }

    /// <summary>A request has begun. <see cref="Http2RequestHeaders"/> is valid only until the method returns.</summary>
    protected abstract void OnHeaders(Http2RequestHeaders headers);

    /// <summary>Bytes of the request's body; valid only until the method returns.</summary>
    protected abstract void OnData(in ReadOnlySequence<byte> data);

    /// <summary>The request has ended.</summary>
    protected abstract void OnRequestEnded();

    /// <summary>The server stops: a last word to the peer, or a reset.</summary>
    protected internal abstract void Stop();

    /// <summary>The stream is over; called once for each stream, after which the object may be used for another one.</summary>
    protected abstract void OnClosed(Http2StreamEnd how);

    /// <summary>Sends a header block (HPACK, without dynamic entries).</summary>
    protected void WriteHeaders(ReadOnlySpan<byte> block)
    {
        if (!Closed && !ResponseEnded)
        {
            Sender.WriteHeaders(Id, block, endStream: false);
        }
    }

    /// <summary>Room for exactly <paramref name="length"/> bytes of body; sent with <see cref="CommitData"/>, before which nothing else may be written.</summary>
    protected Span<byte> ReserveData(int length)
    {
        Debug.Assert(!Closed && !ResponseEnded);
        _reserved = length;
        _reservedDirectly = _pending.Length == 0 && length <= _sendWindow && Sender.CanSendNow(length);
        if (!_reservedDirectly)
        {
            return _pending.Reserve(length);
        }

        var frame = Sender.Output.GetSpan(Http2FrameHeader.Size + length);
        Http2FrameHeader.Write(frame, length, Http2FrameType.Data, 0, Id);
        return frame.Slice(Http2FrameHeader.Size, length);
    }

    protected void CommitData()
    {
        if (_reservedDirectly)
        {
            Sender.Output.Advance(Http2FrameHeader.Size + _reserved);
            _sendWindow -= _reserved;
            Sender.Window -= _reserved;
            return;
        }

        _pending.Commit();
        Connection.Streams.AddHeldBytes(this, _reserved);
        EnqueueIfReady();
    }

    /// <summary>Ends the response with a header block, after all bytes written before; with an empty DATA frame where the block is empty.</summary>
    protected void WriteTrailers(ReadOnlySpan<byte> block)
    {
        if (Closed || ResponseEnded)
        {
            return;
        }

        ResponseEnded = true;
        if (_pending.Length == 0)
        {
            Sender.WriteEnd(Id, block);
            EndResponse();
            return;
        }

        if (_trailers.Length < block.Length)
        {
            _trailers = new byte[block.Length];
        }

        block.CopyTo(_trailers);
        _trailersLength = block.Length;
        _trailersPending = true;
    }

    /// <summary>Ends the stream with RST_STREAM.</summary>
    public void Reset(Http2ErrorCode code)
    {
        if (!Closed)
        {
            Connection.Streams.Reset(this, code);
        }
    }

    internal void Open(int id, bool endStream, Http2RequestHeaders headers, int receiveWindow)
    {
        Id = id;
        Closed = false;
        RequestEnded = endStream;
        ResponseEnded = false;
        Useful = false;
        _sendWindow = Sender.Peer.InitialWindow;
        _receiveWindow = receiveWindow;
        _expectedBody = headers.ContentLength;
        OnHeaders(headers);
        if (endStream && !Closed)
        {
            EndRequest();
        }
    }

    /// <summary>A DATA frame; <paramref name="flowLength"/> counts its padding too.</summary>
    internal Http2ErrorCode Receive(in ReadOnlySequence<byte> data, int flowLength, bool endStream)
    {
        if (flowLength > _receiveWindow)
        {
            return Http2ErrorCode.FlowControlError;
        }

        _receiveWindow -= flowLength;
        if (_expectedBody >= 0)
        {
            _expectedBody -= data.Length;
            if (_expectedBody < 0 || (endStream && _expectedBody > 0))
            {
                return Http2ErrorCode.ProtocolError;
            }
        }

        RequestEnded = endStream;
        if (!data.IsEmpty && !ResponseEnded)
        {
            OnData(data);
        }

        if (Closed)
        {
            return Http2ErrorCode.NoError;
        }

        if (endStream)
        {
            EndRequest();
        }
        else
        {
            ReturnWindow();
        }

        return Http2ErrorCode.NoError;
    }

    /// <summary>The trailers of the request, which are its end.</summary>
    internal Http2ErrorCode ReceiveTrailers()
    {
        if (_expectedBody > 0)
        {
            return Http2ErrorCode.ProtocolError;
        }

        RequestEnded = true;
        EndRequest();
        return Http2ErrorCode.NoError;
    }

    /// <summary>The window grows by WINDOW_UPDATE, or changes with the peer's settings (it may become negative).</summary>
    internal bool TryChangeSendWindow(long change)
    {
        _sendWindow += change;
        EnqueueIfReady();
        return _sendWindow <= Http2Sender.MaxWindow;
    }

    /// <summary>Sends one frame of what is pending; true when there is more and a window for it.</summary>
    internal bool SendPending()
    {
        var count = (int)Math.Min(Math.Min(_pending.Length, Sender.Peer.FrameSize), Math.Min(_sendWindow, Sender.Window));
        if (count <= 0)
        {
            return false;
        }

        var span = Sender.Output.GetSpan(Http2FrameHeader.Size + count);
        Http2FrameHeader.Write(span, count, Http2FrameType.Data, 0, Id);
        _pending.Take(span.Slice(Http2FrameHeader.Size, count));
        Sender.Output.Advance(Http2FrameHeader.Size + count);
        Sender.HeldBytes -= count;
        _sendWindow -= count;
        Sender.Window -= count;
        if (_pending.Length > 0)
        {
            ReturnWindow();
            return _sendWindow > 0;
        }

        if (_trailersPending)
        {
            _trailersPending = false;
            Sender.WriteEnd(Id, _trailers.AsSpan(0, _trailersLength));
            EndResponse();
        }
        else
        {
            ReturnWindow();
        }

        return false;
    }

    internal void Close(Http2StreamEnd how)
    {
        Debug.Assert(!Closed);
        Closed = true;
        Sender.HeldBytes -= _pending.Length;
        _pending.Clear();
        _trailersPending = false;
        OnClosed(how);
    }

    private void EndRequest()
    {
        if (ResponseEnded)
        {
            CloseIfDone();
        }
        else
        {
            OnRequestEnded();
        }
    }

    private void EnqueueIfReady()
    {
        if (_pending.Length > 0 && _sendWindow > 0)
        {
            Sender.Enqueue(this);
        }
    }

    /// <summary>END_STREAM is written. What the peer may still send is not wanted: it is told so (RFC 9113 8.1).</summary>
    private void EndResponse()
    {
        if (!RequestEnded)
        {
            Connection.Streams.Reset(this, Http2ErrorCode.NoError);
        }
        else
        {
            CloseIfDone();
        }
    }

    private void CloseIfDone()
    {
        if (!Closed && !_trailersPending)
        {
            Connection.Streams.Close(this, Http2StreamEnd.Complete);
        }
    }

    private void ReturnWindow()
    {
        var limits = Connection.Limits;
        var owed = limits.StreamWindow - _receiveWindow;
        if (owed >= limits.StreamWindow / 2 && !Closed && !RequestEnded && _pending.Length <= limits.StreamPendingLimit)
        {
            _receiveWindow += owed;
            Sender.Output.WriteWindowUpdate(Id, owed);
        }
    }
}
