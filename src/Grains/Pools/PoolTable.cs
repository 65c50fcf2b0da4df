using System.Diagnostics;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.Pools;

/// <summary>The merged state of one pool, column by column, and what of it gateways have not been told yet.</summary>
/// <remarks>
/// Plain data of one activation: not safe for threads, does no I/O. Columns are dense; a server keeps its slot for life, its index changes when another one goes.
/// </remarks>
internal sealed class PoolTable(Guid epoch)
{
    private readonly Dictionary<string, int> _indexById = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _indexBySlot = [];
    private readonly List<MembershipOp> _ops = [];
    private readonly HashSet<int> _loraChanged = [];
    private readonly HashSet<int> _cacheChanged = [];
    private ModelServerSpec[] _servers = [];
    private int[] _slots = [];
    private int[] _queued = [];
    private int[] _running = [];
    private double[] _kvUsage = [];
    private long[] _sampledAt = [];
    private long[] _heardAt = [];
    private ModelServerLora[] _lora = [];
    private ModelServerCache[] _cache = [];
    private ModelServerHealth[] _health = [];
    private PoolSpec? _spec;
    private PoolPolicySpec _policies = PoolPolicySpec.None;
    private bool _specChanged;
    private bool _policiesChanged;
    private bool _loadChanged;
    private int _nextSlot;

    public Guid Epoch { get; } = epoch;

    public int Count { get; private set; }

    /// <summary>Version after the newest frame.</summary>
    public long Version { get; private set; }

    /// <summary>Number of the newest frame.</summary>
    public long Sequence { get; private set; }

    /// <summary>True where a frame would say anything new.</summary>
    public bool IsDirty => _loadChanged || IsStructureDirty;

    /// <summary>True where a snapshot of now would differ from <see cref="Version"/> in more than load.</summary>
    public bool IsStructureDirty => _ops.Count > 0 || _loraChanged.Count > 0 || _cacheChanged.Count > 0 || _specChanged || _policiesChanged;

    public PoolSpec? Spec
    {
        get => _spec;
        set
        {
            _specChanged |= value != _spec;
            _spec = value;
        }
    }

    public PoolPolicySpec Policies
    {
        get => _policies;
        set
        {
            _policiesChanged |= value != _policies;
            _policies = value;
        }
    }

    public ReadOnlySpan<ModelServerSpec> Servers => _servers.AsSpan(0, Count);

    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, Count);

    /// <summary>When each server was heard of last, in milliseconds; when it came in, before that.</summary>
    public ReadOnlySpan<long> HeardAt => _heardAt.AsSpan(0, Count);

    public ReadOnlySpan<ModelServerHealth> Health => _health.AsSpan(0, Count);

    /// <summary>Brings the servers to what <paramref name="wanted"/> says and tells <paramref name="changes"/> of each that came, went or changed.</summary>
    public void SetServers(IReadOnlyList<ModelServerSpec> wanted, long now, IMembershipChanges changes)
    {
        var wantedById = new Dictionary<string, ModelServerSpec>(wanted.Count, StringComparer.Ordinal);
        foreach (var server in wanted)
        {
            wantedById.TryAdd(server.Id, server);
        }

        // Another process behind a known id is another server: nothing that was known of the old one holds.
        for (var i = Count - 1; i >= 0; i--)
        {
            if (!wantedById.TryGetValue(_servers[i].Id, out var server) || !server.IsScrapedAs(_servers[i]))
            {
                changes.OnRemoved(_slots[i], _servers[i]);
                RemoveAt(i);
            }
        }

        foreach (var server in wantedById.Values)
        {
            if (!_indexById.TryGetValue(server.Id, out var index))
            {
                changes.OnAdded(Append(server, now), server);
            }
            else if (!_servers[index].Equals(server))
            {
                _servers[index] = server;
                _ops.Add(new MembershipOp(MembershipOpKind.Relabel, index, server));
                changes.OnRelabelled(_slots[index], server);
            }
        }
    }

    /// <summary>Takes one silo's figures; ages count back from <paramref name="now"/>.</summary>
    public ReportReply Apply(ReportBatch batch, long now)
    {
        if (batch.Epoch != Epoch)
        {
            return new ReportReply([.. Enumerable.Range(0, batch.Slots.Length)]);
        }

        List<int>? unwanted = null;
        for (var row = 0; row < batch.Slots.Length; row++)
        {
            if (!_indexBySlot.TryGetValue(batch.Slots[row], out var i))
            {
                (unwanted ??= []).Add(row);
                continue;
            }

            var age = batch.Load.AgeMs[row];
            _heardAt[i] = now;
            _health[i] = batch.Health[row];
            if (age != LoadFrame.NeverSampled)
            {
                _queued[i] = batch.Load.Queued[row];
                _running[i] = batch.Load.Running[row];
                _kvUsage[i] = batch.Load.KvUsage[row];
                _sampledAt[i] = now - age;
            }
        }

        _loadChanged = true;
        foreach (var (row, lora) in batch.Lora)
        {
            if (_indexBySlot.TryGetValue(batch.Slots[row], out var i) && !lora.Equals(_lora[i]))
            {
                _lora[i] = lora;
                _loraChanged.Add(batch.Slots[row]);
            }
        }

        foreach (var (row, cache) in batch.Cache)
        {
            if (_indexBySlot.TryGetValue(batch.Slots[row], out var i) && cache != _cache[i])
            {
                _cache[i] = cache;
                _cacheChanged.Add(batch.Slots[row]);
            }
        }

        return unwanted is null ? ReportReply.AllWanted : new ReportReply([.. unwanted]);
    }

    /// <summary>The next frame: all load, and the changes since the frame before.</summary>
    public PoolFrame TakeFrame(long now)
    {
        var from = Version;
        if (IsStructureDirty)
        {
            Version++;
        }

        Sequence++;
        var frame = new PoolFrame
        {
            Epoch = Epoch,
            Sequence = Sequence,
            FromVersion = from,
            ToVersion = Version,
            Load = Load(now),
            Membership = [.. _ops],
            Lora = [.. _loraChanged.Where(_indexBySlot.ContainsKey).Select(slot => new LoraChange(_indexBySlot[slot], _lora[_indexBySlot[slot]]))],
            Cache = [.. _cacheChanged.Where(_indexBySlot.ContainsKey).Select(slot => new CacheChange(_indexBySlot[slot], _cache[_indexBySlot[slot]]))],
            Spec = _specChanged ? _spec : null,
            Policies = _policiesChanged ? _policies : null,
        };
        _ops.Clear();
        _loraChanged.Clear();
        _cacheChanged.Clear();
        _specChanged = false;
        _policiesChanged = false;
        _loadChanged = false;
        return frame;
    }

    /// <summary>All there is now. Only right for gateways when no structure is dirty, for then it is what <see cref="Version"/> means.</summary>
    public PoolSnapshot Snapshot(long now) => new()
    {
        Epoch = Epoch,
        Sequence = Sequence,
        Version = Version,
        Spec = _spec ?? throw new InvalidOperationException("The pool has no membership yet."),
        Servers = Servers.ToArray(),
        Load = Load(now),
        Lora = _lora.AsSpan(0, Count).ToArray(),
        Cache = _cache.AsSpan(0, Count).ToArray(),
        Health = Health.ToArray(),
        Policies = _policies,
    };

    private LoadFrame Load(long now)
    {
        var ages = new int[Count];
        var untried = 0;
        for (var i = 0; i < ages.Length; i++)
        {
            untried += _health[i] == ModelServerHealth.Unknown ? 1 : 0;
            ages[i] = _sampledAt[i] == PoolView.NeverSampled ? LoadFrame.NeverSampled : (int)Math.Clamp(now - _sampledAt[i], 0, int.MaxValue);
        }

        return new LoadFrame
        {
            Queued = _queued.AsSpan(0, Count).ToArray(),
            Running = _running.AsSpan(0, Count).ToArray(),
            KvUsage = _kvUsage.AsSpan(0, Count).ToArray(),
            AgeMs = ages,
            Untried = untried,
        };
    }

    private int Append(ModelServerSpec server, long now)
    {
        if (Count == _servers.Length)
        {
            Grow(Math.Max(16, Count * 2));
        }

        var index = Count++;
        var slot = _nextSlot++;
        _servers[index] = server;
        _slots[index] = slot;
        _queued[index] = 0;
        _running[index] = 0;
        _kvUsage[index] = 0;
        _sampledAt[index] = PoolView.NeverSampled;
        _heardAt[index] = now;
        _lora[index] = ModelServerLora.Unknown;
        _cache[index] = ModelServerCache.Unknown;
        _health[index] = ModelServerHealth.Unknown;
        _indexById.Add(server.Id, index);
        _indexBySlot.Add(slot, index);
        _ops.Add(new MembershipOp(MembershipOpKind.Append, index, server));
        return slot;
    }

    private void RemoveAt(int index)
    {
        _indexById.Remove(_servers[index].Id);
        _indexBySlot.Remove(_slots[index]);
        var last = --Count;
        if (index != last)
        {
            _servers[index] = _servers[last];
            _slots[index] = _slots[last];
            _queued[index] = _queued[last];
            _running[index] = _running[last];
            _kvUsage[index] = _kvUsage[last];
            _sampledAt[index] = _sampledAt[last];
            _heardAt[index] = _heardAt[last];
            _lora[index] = _lora[last];
            _cache[index] = _cache[last];
            _health[index] = _health[last];
            _indexById[_servers[index].Id] = index;
            _indexBySlot[_slots[index]] = index;
        }

        // So that what has gone can be collected.
        _servers[last] = null!;
        _lora[last] = null!;
        _ops.Add(new MembershipOp(MembershipOpKind.Remove, index, null));
        Debug.Assert(_indexById.Count == Count && _indexBySlot.Count == Count, "indexes and columns agree");
    }

    private void Grow(int capacity)
    {
        Array.Resize(ref _servers, capacity);
        Array.Resize(ref _slots, capacity);
        Array.Resize(ref _queued, capacity);
        Array.Resize(ref _running, capacity);
        Array.Resize(ref _kvUsage, capacity);
        Array.Resize(ref _sampledAt, capacity);
        Array.Resize(ref _heardAt, capacity);
        Array.Resize(ref _lora, capacity);
        Array.Resize(ref _cache, capacity);
        Array.Resize(ref _health, capacity);
    }
}
