using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>A model server as the labels of metrics name it.</summary>
/// <param name="Name">The pod's name.</param>
/// <param name="Port">The serving port.</param>
internal readonly record struct EndpointLabels(string Name, string Namespace, string Port)
{
    private const string Rank = "-rank-";

    /// <summary>Reads <c>namespace/pod-rank-i</c> and <c>ip:port</c>; what is not there is empty.</summary>
    public static EndpointLabels Of(ModelServer server)
    {
        var slash = server.Id.IndexOf('/', StringComparison.Ordinal);
        var rank = server.Id.LastIndexOf(Rank, StringComparison.Ordinal);
        var colon = server.Address.LastIndexOf(':');
        return new(
            server.Id[(slash + 1)..(rank > slash ? rank : server.Id.Length)],
            slash < 0 ? "" : server.Id[..slash],
            colon < 0 ? "" : server.Address[(colon + 1)..]);
    }
}
