namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>The sending half of a connection: its window, the peer's settings, and the streams that have something to send and may, in turn.</summary>
/// <remarks>Used in the connection's turn only.</remarks>
internal sealed class Http2Sender(Http2Output output)
{
    /// <summary>Windows must not grow beyond it, RFC 9113 6.9.1.</summary>
    public const long MaxWindow = int.MaxValue;

    private readonly Queue<Http2Stream> _ready = new();
    private bool _tableSizeSent;

    public Http2Output Output => output;

    public Http2PeerSettings Peer { get; } = new();

    /// <summary>What may be sent on all streams together.</summary>
    public long Window { get; set; } = Http2ConnectionLimits.DefaultWindow;

    /// <summary>Bytes that all streams hold: answers that wait, and request messages that are not complete.</summary>
    public long HeldBytes { get; set; }

    /// <summary>Some stream could send, if the transport took it.</summary>
    public bool HasReady => _ready.Count > 0 && Window > 0;

    /// <summary>A frame that may leave at once, as far as the connection is concerned.</summary>
    public bool CanSendNow(int length) => length <= Window && length <= Peer.FrameSize && !output.Congested;

    /// <summary>Puts a stream that has bytes and a window at the end of the row, once.</summary>
    public void Enqueue(Http2Stream stream)
    {
        if (!stream.InSendQueue)
        {
            stream.InSendQueue = true;
            _ready.Enqueue(stream);
        }
    }

    /// <summary>One frame for each stream in turn, until windows or transport are full. Returns the number of frames.</summary>
    public int Pump()
    {
        var frames = 0;
        while (Window > 0 && !output.Congested && _ready.TryDequeue(out var stream))
        {
            stream.InSendQueue = false;
            frames++;
            if (stream.SendPending())
            {
                Enqueue(stream);
            }
        }

        return frames;
    }

    /// <summary>Writes a header block. The first one of a connection says that no dynamic table is used, whatever the peer's setting is or becomes.</summary>
    public void WriteHeaders(int streamId, ReadOnlySpan<byte> block, bool endStream)
    {
        if (_tableSizeSent)
        {
            output.WriteHeaders(streamId, block, endStream);
            return;
        }

        _tableSizeSent = true;
        Span<byte> first = stackalloc byte[1 + block.Length];
        first[0] = 0x20;
        block.CopyTo(first[1..]);
        output.WriteHeaders(streamId, first, endStream);
    }

    /// <summary>Writes the last frame of a stream.</summary>
    public void WriteEnd(int streamId, ReadOnlySpan<byte> block)
    {
        if (block.IsEmpty)
        {
            output.WriteEmptyEnd(streamId);
        }
        else
        {
            WriteHeaders(streamId, block, endStream: true);
        }
    }
}
