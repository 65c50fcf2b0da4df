using System.Collections.Frozen;
using Orleans.Inference.Grains.Contracts;

namespace Orleans.Inference.Micro.View;

/// <summary>What a pool grain sends of a pool of some size.</summary>
internal static class PoolFrames
{
    private static readonly Guid _epoch = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    /// <summary>All there is to know of the pool.</summary>
    public static PoolSnapshot Snapshot(int servers) => new()
    {
        Epoch = _epoch,
        Sequence = 0,
        Version = 1,
        Spec = new PoolSpec { Namespace = "default", Name = "pool", TargetPorts = [8000] },
        Servers = [.. Enumerable.Range(0, servers).Select(Server)],
        Load = Load(servers),
        Lora = [.. Enumerable.Range(0, servers).Select(i => new ModelServerLora { Active = [$"adapter-{i % 8}"], Waiting = [], MaxActive = 3 })],
        Cache = [.. Enumerable.Range(0, servers).Select(_ => new ModelServerCache(16, 20_000))],
        Health = [.. Enumerable.Range(0, servers).Select(_ => default(ModelServerHealth))],
    };

    /// <summary>A tick: the load of all, and what came and went.</summary>
    public static PoolFrame Frame(LoadFrame load, long sequence, long fromVersion, params MembershipOp[] membership) => new()
    {
        Epoch = _epoch,
        Sequence = sequence,
        FromVersion = fromVersion,
        ToVersion = fromVersion + (membership.Length == 0 ? 0 : 1),
        Load = load,
        Membership = membership,
    };

    /// <summary>Figures of all servers.</summary>
    public static LoadFrame Load(int servers)
    {
        int[] all = [.. Enumerable.Range(0, servers)];
        return new() { Queued = [.. all.Select(i => i % 7)], Running = [.. all.Select(i => i % 13)], KvUsage = [.. all.Select(i => i % 100 / 100.0)], AgeMs = [.. all.Select(i => i % 60)] };
    }

    /// <summary>The server of that number.</summary>
    public static ModelServerSpec Server(int i) => new() { Id = $"default/pod{i}-rank-0", Ip = $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}", Port = 8000, Labels = FrozenDictionary<string, string>.Empty };
}
