using System.Collections.Frozen;

namespace Orleans.Inference.Picking.Tests;

/// <summary>Views written down server by server.</summary>
internal sealed class ViewBuilder
{
    private readonly List<(int Queued, double Kv, long SampledAt, LoraState Lora, int Running, FrozenDictionary<string, string> Labels)> _rows = [];

    public ViewBuilder Add(int queued = 0, double kv = 0, long sampledAt = 0, LoraState? lora = null, int running = 0, params (string Key, string Value)[] labels)
    {
        _rows.Add((queued, kv, sampledAt, lora ?? LoraState.None, running, labels.ToFrozenDictionary(label => label.Key, label => label.Value)));
        return this;
    }

    public PoolView Build() => new(
        "default/pool",
        1,
        [.. _rows.Select((r, i) => new ModelServer($"default/pod{i}-rank-0", $"10.0.0.{i}:8000", r.Labels))],
        new LoadColumns([.. _rows.Select(r => r.Queued)], [.. _rows.Select(r => r.Running)], [.. _rows.Select(r => r.Kv)], [.. _rows.Select(r => r.SampledAt)]),
        [.. _rows.Select(r => r.Lora)],
        new CacheConfig[_rows.Count]);
}
