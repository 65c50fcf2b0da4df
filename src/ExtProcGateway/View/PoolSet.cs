using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>The pools served at one moment; immutable.</summary>
internal sealed class PoolSet(ImmutableArray<PoolState> states)
{
    private readonly FrozenDictionary<string, PoolState> _byKey = states.ToFrozenDictionary(state => state.Pool, StringComparer.Ordinal);

    public ImmutableArray<PoolState> States { get; } = states;

    public PoolState? Find(string pool) => _byKey.GetValueOrDefault(pool);
}
