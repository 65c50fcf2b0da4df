using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Tests.Prefix;

/// <summary>What <see cref="PrefixIndex"/> has to do, as plainly as possible: for each server a list of hashes, oldest first.</summary>
internal sealed class NaivePrefixIndex
{
    private readonly Dictionary<int, (int Capacity, List<ulong> Oldest)> _servers = [];

    public int Pairs => _servers.Values.Sum(s => s.Oldest.Count);

    public int BlocksOf(int server) => _servers.TryGetValue(server, out var held) ? held.Oldest.Count : 0;

    public void Add(int server, int capacity, ulong[] chain)
    {
        if (!_servers.TryGetValue(server, out var held))
        {
            held = (capacity, []);
            _servers.Add(server, held);
        }

        foreach (var hash in chain.Take(held.Capacity).Reverse())
        {
            held.Oldest.Remove(hash);
            held.Oldest.Add(hash);
        }

        held.Oldest.RemoveRange(0, Math.Max(0, held.Oldest.Count - held.Capacity));
    }

    public void Remove(int server) => _servers.Remove(server);

    public Dictionary<int, int> Match(ulong[] chain) =>
        _servers.Select(s => (s.Key, Blocks: chain.TakeWhile(s.Value.Oldest.ToHashSet().Contains).Count())).Where(s => s.Blocks > 0).ToDictionary(s => s.Key, s => s.Blocks);
}
