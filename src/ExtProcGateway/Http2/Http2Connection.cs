using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>One HTTP/2 connection of a server on Kestrel's transport.</summary>
/// <remarks>
/// Everything that a connection does happens in its turn, one thread at a time: the batch of frames that was read, with the handlers called
/// inline; work posted from other threads; a timer's tick; the end of a flush. All that was written in a turn leaves with one flush at its end.
/// The turn is a lock that is held for microseconds: it is taken once for a batch, and waited for only when two of these meet.
/// </remarks>
internal sealed partial class Http2Connection : IThreadPoolWorkItem
{
    /// <summary>Flushes in one turn, each of up to 64 KiB: after that other connections get the thread.</summary>
    private const int FlushesPerTurn = 16;

    /// <summary>Identifies the PING that comes between the two GOAWAYs of a drain.</summary>
    private const ulong DrainPing = 0x6f72_6c65_616e_7301;

    private const ulong IdlePing = 0x6f72_6c65_616e_7302;

    private readonly ConnectionContext _context;
    private readonly ILogger _logger;
    private readonly Lock _turn = new();
    private readonly Http2TurnQueue _posted = new();
    private readonly Http2Output _output;
    private readonly Http2StreamTable _streams;
    private readonly Http2Conduct _conduct;
    private readonly Http2Receiver _receiver;
    private readonly Http2Watch _watch;
    private readonly Action<long>? _heldChanged;
    private long _heldTold;
    private TaskCompletionSource? _readerWaits;
    private int _scheduled;
    private volatile bool _flushDone;
    private volatile bool _closing;
    private bool _draining;
    private bool _over;

    /// <param name="heldChanged">Told at the end of a turn by how much <see cref="Http2Sender.HeldBytes"/> has changed; all of it is taken back when the connection ends.</param>
    public Http2Connection(
        ConnectionContext context, Http2ConnectionLimits limits, Func<Http2Connection, Http2Stream> createStream, ILogger logger, Action<long>? heldChanged = null)
    {
        _heldChanged = heldChanged;
        _context = context;
        _logger = logger;
        Limits = limits;
        _watch = new Http2Watch(limits);
        LocalPort = (context.LocalEndPoint as IPEndPoint)?.Port ?? 0;
        _output = new Http2Output(context.Transport.Output, OnFlushed);
        Sender = new Http2Sender(_output);
        _streams = new Http2StreamTable(this, createStream);
        _conduct = new Http2Conduct(limits);
        _receiver = new Http2Receiver(this, _streams, _conduct);
    }

    public Http2ConnectionLimits Limits { get; }

    public Http2Sender Sender { get; }

    public Http2StreamTable Streams => _streams;

    /// <summary>Local port of the listener.</summary>
    public int LocalPort { get; }

    /// <summary>New streams are refused: the connection drains, and the peer knows.</summary>
    public bool RefusesStreams { get; private set; }

    /// <summary>Open streams. Exact in the turn, a hint elsewhere.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>Frames that the peer has sent so far.</summary>
    public long FramesRead => _receiver.Frames;

    /// <summary>Serves the connection until it ends, from either side.</summary>
    public async Task RunAsync()
    {
        var input = _context.Transport.Input;
        var endedByPeer = false;
        try
        {
            Start();
            while (!_closing)
            {
                var result = await input.ReadAsync();
                var buffer = result.Buffer;
                var goOn = ReadTurn(ref buffer);
                input.AdvanceTo(buffer.Start, buffer.End);
                if (!goOn || result.IsCompleted)
                {
                    endedByPeer = goOn;
                    break;
                }

                if (_output.HeldBytes > Limits.ControlPendingLimit)
                {
                    await WaitForOutputAsync();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            endedByPeer = true;
            LogConnectionLost(_context.ConnectionId, exception.Message);
        }
        finally
        {
            End();
        }

        if (!endedByPeer)
        {
            await Http2Linger.WaitAsync(input);
        }

        await CloseTransportAsync();
    }

    /// <summary>Runs <paramref name="action"/> in the turn, unless <paramref name="member"/> is over by then. From any thread.</summary>
    public void Post<TState>(ITurnMember member, Action<TState> action, TState state)
    {
        _posted.Add(member, action, state);
        if (!_turn.IsHeldByCurrentThread)
        {
            Schedule();
        }
    }

    /// <summary>A turn for posted work and for flushes that had to wait.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Volatile.Write(ref _scheduled, 0);
        lock (_turn)
        {
            if (_flushDone)
            {
                _flushDone = false;
                _watch.OnFlushed();
                _output.EndFlush();
            }

            EndTurn();
        }

        AfterTurn();
    }

    /// <summary>Looks at the timeouts; called every <see cref="Http2ConnectionLimits.Tick"/> from any thread.</summary>
    public void Tick()
    {
        lock (_turn)
        {
            if (_over)
            {
                return;
            }

            _conduct.Budget.Refill();
            switch (_watch.Tick(_receiver, _output))
            {
                case Http2Watch.Verdict.Dead:
                    _context.Abort(new ConnectionAbortedException("The peer is silent or does not read."));
                    return;
                case Http2Watch.Verdict.Silent:
                    _output.WritePing(IdlePing, ack: false);
                    break;
            }

            // A peer that does not answer the PING of a drain learns the last stream all the same.
            if (_draining && !RefusesStreams)
            {
                RefuseStreams();
            }

            EndTurn();
        }

        AfterTurn();
    }

    /// <summary>Begins to drain: the peer is told to open no more streams here, and the connection closes when the last one has ended. From any thread.</summary>
    public void BeginDrain()
    {
        lock (_turn)
        {
            if (_draining || _over)
            {
                return;
            }

            // In two steps (RFC 9113 6.8): streams that are under way while the peer learns of it are still taken.
            _draining = true;
            _output.WriteGoAway(int.MaxValue, Http2ErrorCode.NoError, "server is stopping"u8);
            _output.WritePing(DrainPing, ack: false);
            EndTurn();
        }

        AfterTurn();
    }

    /// <summary>Ends all streams that are left, telling the peer why, and then the connection. From any thread.</summary>
    public void Stop()
    {
        lock (_turn)
        {
            if (_over)
            {
                return;
            }

            _draining = true;
            RefuseStreams();
            foreach (var stream in _streams.Snapshot())
            {
                if (!stream.Closed)
                {
                    stream.Stop();
                }
            }

            EndTurn();
            _closing = true;
        }

        AfterTurn();
    }

    internal void OnPingAnswered(ulong data)
    {
        if (data == DrainPing && _draining && !RefusesStreams)
        {
            RefuseStreams();
        }
    }

    /// <summary>Useful work was done for the peer.</summary>
    internal void Earn(int amount) => _conduct.Budget.Earn(amount);

    private void Start()
    {
        lock (_turn)
        {
            _output.WriteSettings(Limits);
            _output.WriteWindowUpdate(0, Limits.ConnectionWindow - Http2ConnectionLimits.DefaultWindow);
            EndTurn();
        }
    }

    private bool ReadTurn(ref ReadOnlySequence<byte> buffer)
    {
        lock (_turn)
        {
            var goOn = _receiver.Read(ref buffer);
            if (!goOn)
            {
                var (code, reason) = _conduct.Error;
                LogProtocolError(_context.ConnectionId, _context.RemoteEndPoint, code, reason);
                _output.WriteGoAway(_streams.LastId, code, Encoding.ASCII.GetBytes(reason));
            }

            EndTurn();
            return goOn;
        }
    }

    /// <summary>The end of each turn: posted work, what was held back, data that may leave, one flush.</summary>
    private void EndTurn()
    {
        if (_over)
        {
            _posted.Run();
            return;
        }

        var more = _posted.Run();
        while (_streams.TryTakeOverLimit(out var stream))
        {
            LogOverLimit(_context.ConnectionId, stream.Id, Limits.ConnectionPendingLimit);
            stream.Reset(Http2ErrorCode.EnhanceYourCalm);
        }

        for (var flushes = 0; ; flushes++)
        {
            var frames = Sender.Pump();
            if (frames > 0)
            {
                Earn(2 * frames);
            }

            if (!_output.Flush() || _output.Closed || !Sender.HasReady)
            {
                break;
            }

            if (flushes == FlushesPerTurn)
            {
                more = true;
                break;
            }
        }

        TellHeld();
        _streams.Recycle();
        if (RefusesStreams && _streams.Count == 0)
        {
            _closing = true;
        }

        if (more)
        {
            Schedule();
        }
    }

    private void TellHeld()
    {
        var change = Sender.HeldBytes - _heldTold;
        if (change != 0)
        {
            _heldTold += change;
            _heldChanged?.Invoke(change);
        }
    }

    /// <summary>Outside the lock: continuations may run inline.</summary>
    private void AfterTurn()
    {
        if (_closing || _output.HeldBytes <= Limits.ControlPendingLimit)
        {
            Interlocked.Exchange(ref _readerWaits, null)?.SetResult();
        }

        if (_closing && !_over)
        {
            _context.Transport.Input.CancelPendingRead();
        }
    }

    private void RefuseStreams()
    {
        RefusesStreams = true;
        _output.WriteGoAway(_streams.LastId, Http2ErrorCode.NoError, "server is stopping"u8);
    }

    private void OnFlushed()
    {
        _flushDone = true;
        Schedule();
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>The peer sends what makes us answer, and reads no answers: it has to wait.</summary>
    private Task WaitForOutputAsync()
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _readerWaits, waits);

        // The flush may have ended in between.
        Schedule();
        return waits.Task.WaitAsync(_context.ConnectionClosed);
    }

    private void End()
    {
        lock (_turn)
        {
            foreach (var stream in _streams.Snapshot())
            {
                if (!stream.Closed)
                {
                    _streams.Close(stream, Http2StreamEnd.ConnectionLost);
                }
            }

            EndTurn();
            _over = true;
        }
    }

    private async Task CloseTransportAsync()
    {
        if (_output.Flushing)
        {
            _context.Abort(new ConnectionAbortedException("The peer does not read."));
        }

        await _context.Transport.Input.CompleteAsync();
        await _context.Transport.Output.CompleteAsync();
    }

    [LoggerMessage(EventId = 3100, Level = LogLevel.Debug, Message = "Connection {Connection} is gone: {Reason}")]
    private partial void LogConnectionLost(string connection, string reason);

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "Connection {Connection} from {Peer} ended: {Code}, {Reason}")]
    private partial void LogProtocolError(string connection, EndPoint? peer, Http2ErrorCode code, string reason);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Connection {Connection}: stream {Stream} reset, more than {Limit} bytes are held")]
    private partial void LogOverLimit(string connection, int stream, long limit);
}
