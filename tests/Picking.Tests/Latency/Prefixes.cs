using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Tests.Prefix;

namespace Orleans.Inference.Picking.Tests.Latency;

/// <summary>Matches of a prompt of four blocks.</summary>
internal static class Prefixes
{
    /// <summary>Server 0 holds 1 block of 4, server 2 holds 3, server 1 and 3 none.</summary>
    public static PrefixMatch OneNoneThreeNone()
    {
        var index = new PrefixIndex();
        index.Add(0, 100, Chains.Of(1));
        index.Add(2, 100, Chains.Of(1, 2, 3));
        var match = new PrefixMatch();
        index.Match(Chains.Request(Chains.Of(1, 2, 3, 4)), match);
        return match;
    }
}
