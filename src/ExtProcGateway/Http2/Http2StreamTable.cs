using System.Diagnostics.CodeAnalysis;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>The streams of one connection: the open ones, those reset from here a moment ago, and the pool of objects.</summary>
/// <remarks>Used in the connection's turn only.</remarks>
internal sealed class Http2StreamTable(Http2Connection connection, Func<Http2Connection, Http2Stream> create)
{
    /// <summary>Objects kept for reuse: a burst of long streams must not keep its memory for ever.</summary>
    private const int MaxPooled = 1024;

    /// <summary>Streams reset from here for which frames may still be under way.</summary>
    private const int RememberedResets = 128;

    private readonly Dictionary<int, Http2Stream> _open = [];
    private readonly Stack<Http2Stream> _pool = new();
    private readonly List<Http2Stream> _retired = [];
    private readonly Queue<Http2Stream> _overLimit = new();
    private readonly int[] _resets = new int[RememberedResets];
    private int _nextReset;

    public int Count => _open.Count;

    /// <summary>The highest stream that the peer has opened.</summary>
    public int LastId { get; set; }

    /// <summary>A stream that the peer has not opened yet, or may not open.</summary>
    public bool IsIdle(int id) => id > LastId || (id & 1) == 0;

    public bool TryGet(int id, [MaybeNullWhen(false)] out Http2Stream stream) => _open.TryGetValue(id, out stream);

    public void Open(int id, bool endStream, Http2RequestHeaders headers)
    {
        if (!_pool.TryPop(out var stream))
        {
            stream = create(connection);
        }

        _open.Add(id, stream);
        stream.Open(id, endStream, headers, connection.Limits.StreamWindow);
    }

    /// <summary>Ends a stream. Its object is used again only after the turn: frames of the stack may still look at it.</summary>
    public void Close(Http2Stream stream, Http2StreamEnd how)
    {
        _open.Remove(stream.Id);
        _retired.Add(stream);
        stream.Close(how);
    }

    /// <summary>Ends a stream with RST_STREAM.</summary>
    public void Reset(Http2Stream stream, Http2ErrorCode code)
    {
        Refuse(stream.Id, code);
        Close(stream, stream.ResponseEnded ? Http2StreamEnd.Complete : Http2StreamEnd.ResetByUs);
    }

    /// <summary>Resets a stream that was never opened here, or is no more; frames of it that are under way are ignored.</summary>
    public void Refuse(int id, Http2ErrorCode code)
    {
        _resets[_nextReset] = id;
        _nextReset = (_nextReset + 1) % RememberedResets;
        connection.Sender.Output.WriteReset(id, code);
    }

    public bool WasResetHere(int id) => Array.IndexOf(_resets, id) >= 0;

    /// <summary>A copy of the open streams.</summary>
    public Http2Stream[] Snapshot() => [.. _open.Values];

    /// <summary>Adds to the send window of all streams; false when one grows too large.</summary>
    public bool TryChangeSendWindows(int change)
    {
        foreach (var stream in _open.Values)
        {
            if (!stream.TryChangeSendWindow(change))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A stream holds more bytes. Where the connection then holds too many, it is reset at the end of the turn, not amid its handler's work.</summary>
    public void AddHeldBytes(Http2Stream stream, int count)
    {
        connection.Sender.HeldBytes += count;
        if (connection.Sender.HeldBytes > connection.Limits.ConnectionPendingLimit)
        {
            _overLimit.Enqueue(stream);
        }
    }

    /// <summary>The next stream that must be reset because the connection holds too many bytes.</summary>
    public bool TryTakeOverLimit([MaybeNullWhen(false)] out Http2Stream stream)
    {
        while (_overLimit.TryDequeue(out stream))
        {
            if (!stream.Closed)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>At the end of a turn: streams that ended in it go to the pool.</summary>
    public void Recycle()
    {
        foreach (var stream in _retired)
        {
            if (_pool.Count < MaxPooled)
            {
                _pool.Push(stream);
            }
        }

        _retired.Clear();
    }
}
