using System.Text;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Which paths belong to a route, by their end.</summary>
internal sealed class PathClaim
{
    private readonly byte[] _text;
    private readonly Extent _extent;

    private PathClaim(string text, Extent extent, RequestRoute route)
    {
        _text = Encoding.ASCII.GetBytes(text);
        _extent = extent;
        Route = route;
    }

    private enum Extent
    {
        End,
        Whole,
        Service,
    }

    public RequestRoute Route { get; }

    /// <summary>The longer of two claims to a path wins.</summary>
    public int Length => _text.Length;

    /// <summary>Every path that ends so.</summary>
    public static PathClaim End(string text, RequestRoute route) => new(text, Extent.End, route);

    /// <summary>This path alone, with or without the slash before it.</summary>
    public static PathClaim Whole(string text, RequestRoute route) => new(text, Extent.Whole, route);

    /// <summary>Every method of a gRPC service.</summary>
    public static PathClaim Service(string text, RequestRoute route) => new(text, Extent.Service, route);

    /// <summary>Whether a path without its query and without a slash at its end is claimed.</summary>
    public bool Matches(ReadOnlySpan<byte> path)
    {
        if (_extent == Extent.Service)
        {
            path = path[..Math.Max(0, path.LastIndexOf((byte)'/'))];
        }

        return path.EndsWith(_text) && (_extent != Extent.Whole || path.Length == _text.Length || (path.Length == _text.Length + 1 && path[0] == (byte)'/'));
    }
}
