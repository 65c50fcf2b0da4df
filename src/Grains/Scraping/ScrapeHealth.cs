namespace Orleans.Inference.Grains.Scraping;

/// <summary>Outcome of one scrape.</summary>
/// <param name="Failure">Why it failed, or <see cref="ScrapeFailure.None"/>.</param>
/// <param name="Detail">HTTP status for <see cref="ScrapeFailure.Status"/>, socket error for the failures of the connection, what is wrong with the certificate for <see cref="ScrapeFailure.Tls"/>, otherwise 0.</param>
internal readonly record struct ScrapeHealth(ScrapeFailure Failure, int Detail = 0)
{
    public static readonly ScrapeHealth Healthy;

    public bool IsHealthy => Failure == ScrapeFailure.None;

    /// <summary>The reason in an operator's words.</summary>
    public override string ToString() => Failure switch
    {
        ScrapeFailure.None => "healthy",
        ScrapeFailure.Connect => $"cannot connect ({(System.Net.Sockets.SocketError)Detail})",
        ScrapeFailure.Tls when Detail == 0 => "no TLS session could be made",
        ScrapeFailure.Tls => $"the server's certificate is not trusted ({(System.Net.Security.SslPolicyErrors)Detail})",
        ScrapeFailure.TimedOut => "no complete answer in time",
        ScrapeFailure.Closed => "connection closed before the end of the answer",
        ScrapeFailure.Reset => $"connection failed ({(System.Net.Sockets.SocketError)Detail})",
        ScrapeFailure.NotHttp => "the answer is not HTTP/1.1",
        ScrapeFailure.Status => $"HTTP status {Detail}",
        ScrapeFailure.Encoded => "the answer is compressed",
        ScrapeFailure.Html => "the answer is HTML, not metrics",
        ScrapeFailure.TooLarge => "the page is too large",
        ScrapeFailure.NoFamilies => "the page has none of the expected metrics",
        ScrapeFailure.BadValues => "none of the expected metrics has a usable value",
        _ => Failure.ToString(),
    };
}
