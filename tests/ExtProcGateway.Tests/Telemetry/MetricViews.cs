using System.Collections.Frozen;
using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

/// <summary>Views for tests of metrics.</summary>
internal static class MetricViews
{
    public static PoolView Of(string pool, params (ModelServer Server, int Queued, int Running, double KvUsage, long SampledAt)[] rows) => new(
        pool,
        1,
        [.. rows.Select(row => row.Server)],
        new LoadColumns([.. rows.Select(row => row.Queued)], [.. rows.Select(row => row.Running)], [.. rows.Select(row => row.KvUsage)], [.. rows.Select(row => row.SampledAt)]),
        [.. Enumerable.Repeat(LoraState.None, rows.Length)],
        new CacheConfig[rows.Length]);

    public static ModelServer Server(string pod, int port = 8000) => new($"ns/{pod}-rank-0", $"10.0.0.1:{port}", FrozenDictionary<string, string>.Empty);
}
