using System.Diagnostics;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Reads one HTTP/1.x response to a GET, in as many pieces as it comes, into a <see cref="MetricsPage"/>.</summary>
internal struct HttpResponseReader(int maxBodyBytes)
{
    private const int MaxHeadBytes = 16 * 1024;

    private HttpResponseHead _head;
    private ChunkedDecoder _chunks;
    private bool _headDone;

    /// <summary>Bytes of the body so far.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>The response is complete.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The connection can serve another request; meaningful once <see cref="IsDone"/>.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>Where the server sends the client instead, on a redirection.</summary>
    public readonly string? Location => _head.Location;

    /// <summary>What is wrong with the response; healthy until something is.</summary>
    public ScrapeHealth Fault { get; private set; }

    /// <summary>Reads on.</summary>
    /// <param name="buffer">The unread rest of the call before, and behind it what came. Its content is changed.</param>
    /// <param name="carried">How many bytes the unread rest is.</param>
    /// <param name="page">Where the body goes.</param>
    /// <returns>The unread rest, a part of <paramref name="buffer"/>, to be put in front of what comes next.</returns>
    public Span<byte> Read(Span<byte> buffer, int carried, MetricsPage page)
    {
        Debug.Assert(!IsDone && Fault.IsHealthy);
        while (!_headDone)
        {
            var end = buffer.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return CheckHead(buffer);
            }

            if (!HttpResponseHead.TryRead(buffer[..end], out _head))
            {
                return Fail(ScrapeFailure.NotHttp);
            }

            buffer = buffer[(end + 4)..];
            carried = 0;
            _headDone = _head.Status is < 100 or >= 200; // an interim response precedes the one that counts
        }

        return CheckBody() ? ReadBody(buffer, carried, page) : default;
    }

    /// <summary>The server has closed its side: the end of a body that says neither its length nor its chunks, otherwise a fault.</summary>
    public void End(ReadOnlySpan<byte> carried, MetricsPage page)
    {
        if (_headDone && !_head.IsChunked && _head.ContentLength < 0)
        {
            page.Read(carried, last: true);
            IsDone = true;
            KeepsAlive = false;
            return;
        }

        Fault = new ScrapeHealth(ScrapeFailure.Closed);
    }

    private Span<byte> CheckHead(Span<byte> buffer)
    {
        var known = Math.Min(buffer.Length, "HTTP/1."u8.Length);
        return buffer.Length > MaxHeadBytes || !buffer[..known].SequenceEqual("HTTP/1."u8[..known]) ? Fail(ScrapeFailure.NotHttp) : buffer;
    }

    private bool CheckBody()
    {
        var failure = _head switch
        {
            { Status: not 200 } => ScrapeFailure.Status,
            { IsEncoded: true } => ScrapeFailure.Encoded,
            { IsHtml: true } => ScrapeFailure.Html,
            { IsChunked: false } when _head.ContentLength > maxBodyBytes => ScrapeFailure.TooLarge,
            _ => ScrapeFailure.None,
        };
        if (failure != ScrapeFailure.None)
        {
            Fault = new ScrapeHealth(failure, failure == ScrapeFailure.Status ? _head.Status : 0);
        }

        return failure == ScrapeFailure.None;
    }

    private Span<byte> ReadBody(Span<byte> buffer, int carried, MetricsPage page)
    {
        var fresh = buffer[carried..];
        var length = fresh.Length;
        var read = fresh.Length;
        var ended = false;
        if (_head.IsChunked)
        {
            if (!_chunks.Decode(fresh, out length, out read))
            {
                return Fail(ScrapeFailure.NotHttp);
            }

            ended = _chunks.IsDone;
        }
        else if (_head.ContentLength >= 0)
        {
            length = read = (int)Math.Min(length, _head.ContentLength - BodyBytes);
            ended = BodyBytes + length == _head.ContentLength;
        }

        BodyBytes += length;
        if (BodyBytes > maxBodyBytes)
        {
            return Fail(ScrapeFailure.TooLarge);
        }

        var text = buffer[..(carried + length)];
        var done = page.Read(text, ended);
        if (page.LooksLikeHtml)
        {
            return Fail(ScrapeFailure.Html);
        }

        IsDone = ended;
        KeepsAlive = ended && _head.KeepsAlive && read == fresh.Length;
        return text[done..];
    }

    private Span<byte> Fail(ScrapeFailure failure)
    {
        Fault = new ScrapeHealth(failure);
        return default;
    }
}
