using System.Buffers;
using System.IO.Pipelines;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>
/// The output of one connection: frames are written during a turn and leave with one flush. While a flush waits for the peer, the pipe must not
/// be touched (TLS writes from it), and what is written then is held until it is done.
/// </summary>
/// <param name="pipe">The transport's writer.</param>
/// <param name="flushed">Called from any thread when a flush that had to wait is done; must only arrange for a turn, which calls <see cref="EndFlush"/>.</param>
/// <remarks>Used in the connection's turn only.</remarks>
internal sealed class Http2Output(PipeWriter pipe, Action flushed)
{
    /// <summary>
    /// Data frames stop here until the next flush, so that an answer of many megabytes does not lie in the pipe as well as in its stream. As much as
    /// Kestrel's transport takes before it makes the writer wait.
    /// </summary>
    private const int FlushThreshold = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _held = new();
    private int _unflushed;
    private bool _flushing;
    private volatile bool _closed;

    /// <summary>The transport takes nothing more: the connection is gone.</summary>
    public bool Closed => _closed;

    /// <summary>A flush waits for the peer.</summary>
    public bool Flushing => _flushing;

    /// <summary>Data frames have to wait for a flush.</summary>
    public bool Congested => _flushing || _unflushed >= FlushThreshold;

    /// <summary>Bytes of frames written while a flush waits.</summary>
    public int HeldBytes => _held.WrittenCount;

    public Span<byte> GetSpan(int size) => _flushing ? _held.GetSpan(size) : pipe.GetSpan(size);

    public void Advance(int count)
    {
        if (_flushing)
        {
            _held.Advance(count);
        }
        else
        {
            pipe.Advance(count);
            _unflushed += count;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Hands what was written to the transport. True when the pipe is free again, false while the flush waits (or one before it does).</summary>
    public bool Flush()
    {
        if (_flushing)
        {
            return false;
        }

        if (_unflushed == 0)
        {
            return true;
        }

        _unflushed = 0;
        var flush = pipe.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            Take(flush.Result);
            return true;
        }

        _flushing = true;
        _ = WaitAsync(flush);
        return false;
    }

    /// <summary>Takes the end of a flush that had to wait.</summary>
    public void EndFlush()
    {
        _flushing = false;
        if (_held.WrittenCount == 0)
        {
            return;
        }

        if (!Closed)
        {
            Write(_held.WrittenSpan);
        }

        _held.Clear();
    }

    private async Task WaitAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            Take(await flush);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The transport is broken; the read side ends with it, and says so.
            _closed = true;
        }

        flushed();
    }

    private void Take(FlushResult result)
    {
        if (result.IsCompleted || result.IsCanceled)
        {
            _closed = true;
        }
    }
}
