using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Policies;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>Makes one pool's views of a snapshot and the frames after it.</summary>
/// <remarks>
/// Not safe for threads. Every view is immutable: columns that a frame does not change are shared with the view before, load columns are the frame's own arrays.
/// </remarks>
internal sealed class PoolViewBuilder(string pool, PoolMemory memory)
{
    private ModelServer[] _servers = [];
    private int[] _numbers = [];
    private ServerLoad[] _inFlight = [];
    private LoraState[] _lora = [];
    private CacheConfig[] _cache = [];
    private PoolPolicySpec _policies = PoolPolicySpec.None;
    private long _viewVersion;

    /// <summary>Activation of the pool that the view is of; empty before the first snapshot.</summary>
    public Guid Epoch { get; private set; }

    /// <summary>The pool's version that the view is of.</summary>
    public long Version { get; private set; }

    /// <summary>The newest frame in the view.</summary>
    public long Sequence { get; private set; }

    /// <summary>The newest view; null before the first snapshot.</summary>
    public PoolView? View { get; private set; }

    /// <summary>Whether at least one scrape of each server has ended, well or not.</summary>
    public bool AllTried { get; private set; }

    /// <summary>The pool's policies; the same object until they change.</summary>
    public PoolPolicies Policies { get; private set; } = PoolPolicies.None;

    /// <param name="now">Milliseconds of the monotonic clock at receipt: ages count back from it.</param>
    public void Apply(PoolSnapshot snapshot, long now)
    {
        var known = new Dictionary<string, int>(_servers.Length, StringComparer.Ordinal);
        for (var i = 0; i < _servers.Length; i++)
        {
            known[_servers[i].Id] = i;
        }

        var count = snapshot.Servers.Length;
        var before = new int[count];
        var servers = new ModelServer[count];
        var lora = new LoraState[count];
        var cache = new CacheConfig[count];
        for (var i = 0; i < count; i++)
        {
            var spec = snapshot.Servers[i];
            before[i] = known.TryGetValue(spec.Id, out var old) && _servers[old].Address == spec.Address ? old : -1;
            servers[i] = before[i] >= 0 && ViewConversion.SameLabels(_servers[old].Labels, spec.Labels) ? _servers[old] : ViewConversion.Server(spec);
            lora[i] = snapshot.Lora[i].IsUnknown && before[i] >= 0 ? _lora[old] : ViewConversion.Lora(snapshot.Lora[i]);
            cache[i] = snapshot.Cache[i].IsUnknown && before[i] >= 0 ? _cache[old] : ViewConversion.Cache(snapshot.Cache[i]);
        }

        var load = ViewConversion.Load(snapshot.Load, now, View, before);
        (_servers, _lora, _cache) = (servers, lora, cache);
        memory.Keep(_servers, out _numbers, out _inFlight);
        TakePolicies(snapshot.Policies ?? PoolPolicySpec.None);
        Epoch = snapshot.Epoch;
        Version = snapshot.Version;
        Sequence = snapshot.Sequence;
        AllTried = snapshot.Load.Untried == 0;
        View = new PoolView(pool, ++_viewVersion, servers, load, lora, cache, _numbers, _inFlight);
    }

    /// <param name="now">Milliseconds of the monotonic clock at receipt: ages count back from it.</param>
    public FrameOutcome Apply(PoolFrame frame, long now)
    {
        if (View is null || frame.Epoch != Epoch)
        {
            return FrameOutcome.Gap;
        }

        if (frame.Sequence <= Sequence)
        {
            return FrameOutcome.Late;
        }

        if (frame.FromVersion != Version)
        {
            return FrameOutcome.Gap;
        }

        var before = frame.Membership.Length == 0 ? null : ApplyMembership(frame.Membership);
        if (frame.Lora.Length > 0)
        {
            _lora = frame.Membership.Length == 0 ? [.. _lora] : _lora;
            foreach (var (index, lora) in frame.Lora)
            {
                _lora[index] = ViewConversion.Lora(lora);
            }
        }

        if (frame.Cache.Length > 0)
        {
            _cache = frame.Membership.Length == 0 ? [.. _cache] : _cache;
            foreach (var (index, cache) in frame.Cache)
            {
                _cache[index] = ViewConversion.Cache(cache);
            }
        }

        if (frame.Policies is { } policies)
        {
            TakePolicies(policies);
        }

        Version = frame.ToVersion;
        Sequence = frame.Sequence;
        AllTried = frame.Load.Untried == 0;
        View = new PoolView(pool, ++_viewVersion, _servers, ViewConversion.Load(frame.Load, now, View, before), _lora, _cache, _numbers, _inFlight);
        return FrameOutcome.Applied;
    }

    private void TakePolicies(PoolPolicySpec policies)
    {
        if (policies != _policies)
        {
            _policies = policies;
            Policies = ViewConversion.Policies(policies);
        }
    }

    /// <summary>Brings the membership columns to new arrays.</summary>
    /// <returns>For each server where it was before; -1 for one that is new.</returns>
    private int[] ApplyMembership(MembershipOp[] ops)
    {
        // With room for all that come: a list that grows is copied once more, to twice its size.
        var servers = Copy(_servers, ops.Length);
        var lora = Copy(_lora, ops.Length);
        var cache = Copy(_cache, ops.Length);
        var before = new List<int>(_servers.Length + ops.Length);
        before.AddRange(Enumerable.Range(0, _servers.Length));
        foreach (var op in ops)
        {
            switch (op.Kind)
            {
                case MembershipOpKind.Append:
                    servers.Add(ViewConversion.Server(op.Server!));
                    lora.Add(LoraState.None);
                    cache.Add(default);
                    before.Add(-1);
                    break;

                case MembershipOpKind.Remove:
                    MoveLastTo(servers, op.Index);
                    MoveLastTo(lora, op.Index);
                    MoveLastTo(cache, op.Index);
                    MoveLastTo(before, op.Index);
                    break;

                case MembershipOpKind.Relabel:
                    servers[op.Index] = ViewConversion.Server(op.Server!);
                    break;

                default:
                    throw new InvalidOperationException($"Unknown membership operation {op.Kind} for pool {pool}.");
            }
        }

        (_servers, _lora, _cache) = ([.. servers], [.. lora], [.. cache]);
        memory.Keep(_servers, out _numbers, out _inFlight);
        return [.. before];
    }

    private static List<T> Copy<T>(T[] column, int room)
    {
        var list = new List<T>(column.Length + room);
        list.AddRange(column);
        return list;
    }

    private static void MoveLastTo<T>(List<T> column, int index)
    {
        column[index] = column[^1];
        column.RemoveAt(column.Count - 1);
    }
}
