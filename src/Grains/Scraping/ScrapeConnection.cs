using System.Buffers;
using System.Net;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>One keep-alive HTTP/1.1 connection to a model server, for one GET at a time.</summary>
/// <param name="tls">With what HTTPS is spoken; null for plain HTTP.</param>
/// <remarks>
/// The link does not block and is never waited for: whoever scrapes many servers calls <see cref="Advance"/> from time to time, which does what can be
/// done and returns. So a scrape costs two system calls and neither a wake-up nor a thread of its own (with TLS, wake-ups of the thread pool). Not safe for concurrent use.
/// </remarks>
internal sealed class ScrapeConnection(IPEndPoint server, int maxPageBytes, ScrapeTls? tls) : IDisposable
{
    // A page is read in parts of the caller's buffer; after so many in one call the other servers have their turn.
    private const int MaxReadsPerAdvance = 4;

    private IScrapeLink? _link;
    private HttpResponseReader _response;
    private ReadOnlyMemory<byte> _request;
    private int _sent;
    private byte[]? _carry;
    private int _carryLength;
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
        _reused = _link is not null;
        Restart();
    }

    /// <summary>Does what can be done without waiting.</summary>
    /// <param name="buffer">Room to read into, shared with other connections; nothing stays in it.</param>
    /// <param name="page">Takes the page; the caller has begun it.</param>
    public ScrapeProgress Advance(byte[] buffer, MetricsPage page)
    {
        _link ??= Open();
        return _sent < _request.Length ? Send(page) : Receive(buffer, page);
    }

    /// <summary>Gives up on the scrape and closes the connection.</summary>
    public void Abort() => Close();

    public void Dispose() => Close();

    private IScrapeLink Open() => tls is null ? new SocketLink(server) : new TlsLink(server, tls);

    private void Restart()
    {
        Fault = ScrapeHealth.Healthy;
        _response = new HttpResponseReader(maxPageBytes);
        _sent = 0;
        DropCarry();
    }

    private ScrapeProgress Send(MetricsPage page)
    {
        switch (_link!.Send(_request[_sent..], out var count))
        {
            case LinkProgress.Failed:
                return LoseConnection(_link.Fault, page);
            case LinkProgress.Done:
                _sent += count;
                break;
            default:
                break;
        }

        return ScrapeProgress.Pending;
    }

    private ScrapeProgress Receive(byte[] buffer, MetricsPage page)
    {
        for (var i = 0; i < MaxReadsPerAdvance; i++)
        {
            _carry.AsSpan(0, _carryLength).CopyTo(buffer);
            var progress = _link!.Receive(buffer.AsSpan(_carryLength), out var count);
            if (progress != LinkProgress.Done)
            {
                return progress == LinkProgress.Pending ? ScrapeProgress.Pending : LoseConnection(_link.Fault, page);
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
            return LoseConnection(new ScrapeHealth(ScrapeFailure.Closed), page);
        }

        _response.End(_carry.AsSpan(0, _carryLength), page);
        return _response.Fault.IsHealthy ? Succeed() : Fail(_response.Fault);
    }

    /// <summary>A connection that has served before may have been closed while it lay idle: then the request is sent once more on a new one.</summary>
    private ScrapeProgress LoseConnection(ScrapeHealth fault, MetricsPage page)
    {
        if (!_reused)
        {
            return Fail(fault);
        }

        Close();
        Reconnects++;
        _reused = false;
        Restart();
        page.Begin();
        _link = Open();
        return ScrapeProgress.Pending;
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
        _link?.Dispose();
        _link = null;
        DropCarry();
    }
}
