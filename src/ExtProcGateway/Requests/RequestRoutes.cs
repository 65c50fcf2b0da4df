using System.Text;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Finds what is to be done with a request by the end of its path.</summary>
/// <remarks>
/// Immutable, safe from any thread. Each parser claims path suffixes; the longest that matches wins, whatever the order of the parsers. The
/// first parser that claims none takes all other paths, and parsers listed behind it are ignored.
/// </remarks>
internal sealed class RequestRoutes
{
    private readonly PathClaim[] _claims;
    private readonly RequestRoute? _fallback;

    /// <param name="parsers">Types out of <see cref="ParserTypes"/>, in order.</param>
    /// <exception cref="ArgumentException">There is no parser of such a type.</exception>
    public RequestRoutes(IReadOnlyList<string> parsers, ModelNames names, ILogger log)
    {
        var claims = new List<PathClaim>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        string? fallback = null;
        foreach (var type in parsers)
        {
            if (fallback is not null)
            {
                RequestLog.ParserBehindFallback(log, type, fallback);
            }
            else if (!known.Add(type))
            {
                RequestLog.DuplicateParser(log, type);
            }
            else
            {
                var own = ParserClaims.Of(type, names);
                claims.AddRange(own);
                fallback = own.Count == 0 ? type : null;
            }
        }

        _fallback = fallback is null ? null : new RequestRoute(null);

        // Stable: of two equal suffixes the parser that is listed first has it.
        _claims = [.. claims.OrderByDescending(claim => claim.Length)];
    }

    /// <summary>Stands for a path that no header tells.</summary>
    public static ReadOnlySpan<byte> DefaultPath => "/v1/completions"u8;

    /// <summary>The route of a path; null when no parser takes it: see <see cref="NoParser"/>. Costs some twenty comparisons of bytes.</summary>
    /// <param name="path"><c>:path</c> as it came; its query and slashes at its end do not count.</param>
    public RequestRoute? Resolve(ReadOnlySpan<byte> path)
    {
        path = WithoutQuery(path).TrimEnd((byte)'/');
        foreach (var claim in _claims)
        {
            if (claim.Matches(path))
            {
                return claim.Route;
            }
        }

        return _fallback;
    }

    /// <summary>The refusal of a path that no parser takes.</summary>
    public static string NoParser(ReadOnlySpan<byte> path) => "no parser registered matching path suffix for: " + Encoding.UTF8.GetString(WithoutQuery(path));

    private static ReadOnlySpan<byte> WithoutQuery(ReadOnlySpan<byte> path)
    {
        var query = path.IndexOf((byte)'?');
        return (query < 0 ? path : path[..query]).Trim((byte)' ');
    }
}
