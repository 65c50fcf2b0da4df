using System.Text;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>The two requests that a model server gets: for its whole page, and for only the families that are read.</summary>
internal sealed class ScrapeRequests
{
    private readonly string _scheme;
    private readonly string _authority;
    private readonly string _query;
    private readonly byte[] _whole;

    public ScrapeRequests(ScrapeTarget target, string scheme)
    {
        _scheme = scheme;
        _authority = target.EndPoint.ToString();
        var query = new StringBuilder();
        foreach (var family in target.Engine.Families.Families)
        {
            query.Append(query.Length == 0 ? '?' : '&').Append("name%5B%5D=").Append(Encoding.ASCII.GetString(family.Name));
        }

        _query = query.ToString();
        _whole = Build(target.Path);
        Whole = _whole;
        Filtered = BuildFiltered(target.Path);
    }

    /// <summary>Asks for the whole page.</summary>
    public ReadOnlyMemory<byte> Whole { get; private set; }

    /// <summary>
    /// Asks Python's prometheus_client for the named families. It does so behind the path with a trailing slash: vLLM's handler of the path without it
    /// ignores the query.
    /// </summary>
    public ReadOnlyMemory<byte> Filtered { get; }

    /// <summary>Follows a redirection to another path of the same server, such as <c>/metrics</c> to <c>/metrics/</c>.</summary>
    /// <returns>False when it leads elsewhere.</returns>
    public bool Follow(string location)
    {
        var origin = $"{_scheme}://{_authority}/";
        var path = location.StartsWith(origin, StringComparison.OrdinalIgnoreCase) ? location[(origin.Length - 1)..] : location;
        if (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || path.Any(c => c is <= ' ' or > '~'))
        {
            return false;
        }

        Whole = Build(path);
        return true;
    }

    /// <summary>Goes back to the path that was configured.</summary>
    public void Unfollow() => Whole = _whole;

    private byte[] BuildFiltered(string path) =>
        path.Contains('?', StringComparison.Ordinal) ? Build($"{path}&{_query.TrimStart('?')}") : Build($"{path.TrimEnd('/')}/{_query}");

    private byte[] Build(string path) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {_authority}\r\nUser-Agent: orleans-inference\r\nAccept: text/plain;version=0.0.4,*/*;q=0.1\r\n\r\n");
}
