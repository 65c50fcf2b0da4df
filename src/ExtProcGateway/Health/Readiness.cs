using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.View;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>Whether requests can be picked for, but for a drain.</summary>
/// <remarks>Read by one thread.</remarks>
internal sealed partial class Readiness(PoolRegistry pools, GatewayOptions options, ILogger<Readiness> log)
{
    private readonly HashSet<(string Pool, string? Protocol)> _told = [];

    /// <summary>
    /// True when the views are warm, and a pool's application protocol is one that the parsers are made for. Of several pools one will do: a pool that is set up wrongly must not
    /// take the others out of service.
    /// </summary>
    public bool IsGiven => pools.IsWarm && AnyIsServed();

    private bool AnyIsServed()
    {
        var served = false;
        foreach (var pool in pools.Pools)
        {
            var protocol = pool.Spec?.AppProtocol;
            if (AppProtocols.AreServed(protocol, options.Parsers))
            {
                served = true;
            }
            else if (_told.Add((pool.Pool, protocol)))
            {
                NotServed(log, pool.Pool, protocol, string.Join(", ", options.Parsers));
            }
        }

        return served;
    }

    [LoggerMessage(3042, LogLevel.Warning, "Pool {Pool}: not all of the parsers {Parsers} are made for its appProtocol {Protocol}")]
    private static partial void NotServed(ILogger log, string pool, string? protocol, string parsers);
}
