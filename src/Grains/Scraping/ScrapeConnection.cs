using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>One keep-alive HTTP/1.1 connection to a model server, for one GET at a time.</summary>
/// <remarks>
/// The socket does not block and is never waited for: whoever scrapes many servers calls <see cref="Advance"/> from time to time, which does what can be
/// done and returns. So a scrape costs two system calls and neither a wake-up nor a thread of its own. Not safe for concurrent use.
/// </remarks>
internal sealed class ScrapeConnection(IPEndPoint server, int maxPageBytes) : IDisposable
{
    // A page is read in parts of the caller's buffer; after so many in one call the other servers have their turn.
    private const int MaxReadsPerAdvance = 4;

    private Socket? _socket;
    private HttpResponseReader _response;
    private ReadOnlyMemory<byte> _request;
    private int _sent;
    private byte[]? _carry;
    private int _carryLength;
    private bool _connecting;
    private bool _reused;

    /// <summary>Why the scrape failed.</summary>
    public ScrapeHealth Fault { get; private set; }

    /// <summary>Size of the page.</summary>
    public long BodyBytes => _response.BodyBytes;

    /// <summary>Where the server redirected the scrape that failed, if it did.</summary>
    public string? Location => _response.Location;

    /// <summary>How often an open connection turned out to be dead when it was used again: the server may be another one now.</summary>
    public int Reconnects { get; private set; }

    /// <summary>Begins a GET; nothing is sent before <see cref="Advance"/>.</summary>
    /// <param name="request">The whole request, which must not change until the scrape is over.</param>
    public void Begin(ReadOnlyMemory<byte> request)
    {
        _request = request;
        _reused = _socket is not null;
        Restart();
    }

    /// <summary>Does what can be done without waiting.</summary>
    /// <param name="buffer">Room to read into, shared with other connections; nothing stays in it.</param>
    /// <param name="page">Takes the page; the caller has begun it.</param>
    public ScrapeProgress Advance(byte[] buffer, MetricsPage page)
    {
        if (_socket is null && !Connect())
        {
            return Fail(Fault);
        }

        return _sent < _request.Length ? Send(page) : Receive(buffer, page);
    }

    /// <summary>Gives up on the scrape and closes the connection.</summary>
    public void Abort() => Close();

    public void Dispose() => Close();

    private void Restart()
    {
        Fault = ScrapeHealth.Healthy;
        _response = new HttpResponseReader(maxPageBytes);
        _sent = 0;
        DropCarry();
    }

    private bool Connect()
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
            _connecting = true;
            socket.Connect(server);
        }
        catch (SocketException exception) when (socket is not null && IsPending(exception.SocketErrorCode))
        {
            // The handshake goes on by itself; sending tells when it is over.
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            Fault = new ScrapeHealth(ScrapeFailure.Connect, (int)exception.SocketErrorCode);
            return false;
        }

        _socket = socket;
        return true;
    }

    private ScrapeProgress Send(MetricsPage page)
    {
        var count = _socket!.Send(_request.Span[_sent..], SocketFlags.None, out var error);
        if (error == SocketError.Success)
        {
            _connecting = false;
            _sent += count;
            return ScrapeProgress.Pending;
        }

        if (_connecting && error == SocketError.NotConnected)
        {
            error = PendingError(_socket!);
        }

        return IsPending(error) ? ScrapeProgress.Pending : LoseConnection(_connecting ? ScrapeFailure.Connect : ScrapeFailure.Reset, error, page);
    }

    private ScrapeProgress Receive(byte[] buffer, MetricsPage page)
    {
        for (var i = 0; i < MaxReadsPerAdvance; i++)
        {
            _carry.AsSpan(0, _carryLength).CopyTo(buffer);
            var count = _socket!.Receive(buffer.AsSpan(_carryLength), SocketFlags.None, out var error);
            if (error != SocketError.Success)
            {
                return IsPending(error) ? ScrapeProgress.Pending : LoseConnection(ScrapeFailure.Reset, error, page);
            }

            if (count == 0)
            {
                return EndOfStream(page);
            }

            _reused = false;
            var rest = _response.Read(buffer.AsSpan(0, _carryLength + count), _carryLength, page);
            if (!_response.Fault.IsHealthy)
            {
                return Fail(_response.Fault);
            }

            if (_response.IsDone)
            {
                return Succeed();
            }

            Carry(rest);
        }

        return ScrapeProgress.Pending;
    }

    private ScrapeProgress EndOfStream(MetricsPage page)
    {
        if (_reused)
        {
            return LoseConnection(ScrapeFailure.Closed, SocketError.Success, page);
        }

        _response.End(_carry.AsSpan(0, _carryLength), page);
        return _response.Fault.IsHealthy ? Succeed() : Fail(_response.Fault);
    }

    /// <summary>A connection that has served before may have been closed while it lay idle: then the request is sent once more on a new one.</summary>
    private ScrapeProgress LoseConnection(ScrapeFailure failure, SocketError error, MetricsPage page)
    {
        if (!_reused)
        {
            return Fail(new ScrapeHealth(failure, (int)error));
        }

        Close();
        Reconnects++;
        _reused = false;
        Restart();
        page.Begin();
        return Connect() ? ScrapeProgress.Pending : Fail(Fault);
    }

    private ScrapeProgress Succeed()
    {
        DropCarry();
        if (!_response.KeepsAlive)
        {
            Close();
        }

        return ScrapeProgress.Succeeded;
    }

    private ScrapeProgress Fail(ScrapeHealth fault)
    {
        Close();
        Fault = fault;
        return ScrapeProgress.Failed;
    }

    private void Carry(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            DropCarry();
            return;
        }

        if (_carry is null || _carry.Length < rest.Length)
        {
            DropCarry();
            _carry = ArrayPool<byte>.Shared.Rent(rest.Length);
        }

        rest.CopyTo(_carry);
        _carryLength = rest.Length;
    }

    private void DropCarry()
    {
        if (_carry is not null)
        {
            ArrayPool<byte>.Shared.Return(_carry);
            _carry = null;
        }

        _carryLength = 0;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
        DropCarry();
    }

    /// <summary>Some systems answer a send on a socket that failed to connect with «not connected» and keep the reason apart.</summary>
    private static SocketError PendingError(Socket socket)
    {
        var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        return error == SocketError.Success ? SocketError.WouldBlock : error;
    }

    private static bool IsPending(SocketError error) =>
        error is SocketError.WouldBlock or SocketError.InProgress or SocketError.AlreadyInProgress;
}
