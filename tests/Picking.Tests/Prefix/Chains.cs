using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Tests.Prefix;

/// <summary>Chains of hashes for prompts written as a number for each block.</summary>
internal static class Chains
{
    public static ulong[] Of(params int[] prompt)
    {
        var before = 1UL;
        return [.. prompt.Select(block => before = XxHash64.HashPair((ulong)block, before))];
    }

    /// <summary>The chains as a request would bring them.</summary>
    public static PrefixHashes Request(params ulong[][] chains)
    {
        var hashes = new PrefixHashes();
        hashes.Begin(64);
        foreach (var chain in chains)
        {
            chain.CopyTo(hashes.Take(chain.Length));
            hashes.EndChain();
        }

        return hashes;
    }

    /// <summary>The servers that hold anything of the chains, with the number of blocks.</summary>
    public static Dictionary<int, int> Match(this PrefixIndex index, params ulong[][] chains)
    {
        var match = new PrefixMatch();
        index.Match(Request(chains), match);
        return match.Servers.ToArray().ToDictionary(s => s, match.Blocks);
    }
}
