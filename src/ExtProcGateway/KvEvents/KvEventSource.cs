using System.Globalization;
using System.Net;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>Where one model server publishes its events.</summary>
/// <param name="Server">The server, for the log.</param>
/// <param name="Events">Address of its publisher.</param>
/// <param name="Replay">Where it tells again what was missed; null for nowhere.</param>
/// <param name="Topic">Begin of the topics to take.</param>
internal sealed record KvEventSource(string Server, IPEndPoint Events, IPEndPoint? Replay, string Topic)
{
    private const string Rank = "-rank-";

    /// <summary>A server's; null where its address is none, or its rank leads beyond the last port.</summary>
    public static KvEventSource? Of(ModelServer server, KvEventOptions options)
    {
        var at = server.Id.LastIndexOf(Rank, StringComparison.Ordinal);
        var rank = at >= 0 && int.TryParse(server.Id.AsSpan(at + Rank.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return !IPEndPoint.TryParse(server.Address, out var address) || Math.Max(options.Port, options.ReplayPort) > IPEndPoint.MaxPort - rank
            ? null
            : new(server.Id, new(address.Address, options.Port + rank), options.ReplayPort > 0 ? new(address.Address, options.ReplayPort + rank) : null, options.Topic);
    }
}
