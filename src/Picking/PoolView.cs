using System.Runtime.CompilerServices;
using Orleans.Inference.Picking.InFlight;

namespace Orleans.Inference.Picking;

/// <summary>A gateway's local copy of one pool's state: columns with one entry for each model server, all of the same length.</summary>
/// <remarks>
/// Immutable and swapped whole, so a request that took one sees one consistent state. A new load frame shares the membership columns with
/// the view before it; only what changed is new.
/// </remarks>
public sealed class PoolView
{
    /// <summary>What <see cref="SampledAt"/> holds for a server that has not answered a scrape yet.</summary>
    public const long NeverSampled = long.MinValue;

    /// <summary>Made once for each membership: views that differ in load only share their servers.</summary>
    private static readonly ConditionalWeakTable<ModelServer[], AddressIndex> Addresses = [];

    private static readonly ConditionalWeakTable<ModelServer[], IdIndex> Ids = [];

    private readonly ModelServer[] _servers;
    private readonly LoadColumns _load;
    private readonly LoraState[] _lora;
    private readonly CacheConfig[] _cache;
    private readonly int[] _numbers;
    private readonly ServerLoad[] _inFlight;

    /// <param name="pool"><c>namespace/name</c>.</param>
    /// <param name="version">Grows with each change that was applied.</param>
    /// <param name="numbers">See <see cref="Numbers"/>; null where rows never move: each server's number is its index.</param>
    /// <param name="inFlight">See <see cref="InFlight"/>; null where nothing is in flight.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public PoolView(
        string pool, long version, ModelServer[] servers, LoadColumns load, LoraState[] lora, CacheConfig[] cache, int[]? numbers = null, ServerLoad[]? inFlight = null)
    {
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(lora);
        ArgumentNullException.ThrowIfNull(cache);
        numbers ??= [.. Enumerable.Range(0, servers.Length)];
        inFlight ??= [.. servers.Select(_ => new ServerLoad())];
        if (load.Count != servers.Length || numbers.Length != servers.Length || inFlight.Length != servers.Length || lora.Length != servers.Length || cache.Length != servers.Length)
        {
            throw new ArgumentException($"columns of {pool} differ in length: {servers.Length} servers, {load.Count} loads, {lora.Length} LoRA states, {cache.Length} caches, {numbers.Length} numbers, {inFlight.Length} in flight");
        }

        Pool = pool;
        Version = version;
        _servers = servers;
        _load = load;
        _lora = lora;
        _cache = cache;
        _numbers = numbers;
        _inFlight = inFlight;
    }

    /// <summary><c>namespace/name</c>.</summary>
    public string Pool { get; }

    /// <summary>Grows with each change that was applied.</summary>
    public long Version { get; }

    /// <summary>Number of model servers.</summary>
    public int Count => _servers.Length;

    /// <summary>The same object in all views that differ in load only: what is derived from the servers alone is kept by it.</summary>
    internal ModelServer[] Membership => _servers;

    /// <summary>Who they are; a server's index here is its index in every column.</summary>
    public ReadOnlySpan<ModelServer> Servers => _servers;

    /// <summary>Requests waiting in each server's queue.</summary>
    public ReadOnlySpan<int> Queued => _load.Queued;

    /// <summary>Requests running on each server.</summary>
    public ReadOnlySpan<int> Running => _load.Running;

    /// <summary>Part of each server's KV cache that is in use, 0 to 1.</summary>
    public ReadOnlySpan<double> KvUsage => _load.KvUsage;

    /// <summary>When each server's figures were read, in milliseconds of this process's monotonic clock; <see cref="NeverSampled"/> before the first.</summary>
    public ReadOnlySpan<long> SampledAt => _load.SampledAt;

    /// <summary>LoRA adapters of each server.</summary>
    public ReadOnlySpan<LoraState> Lora => _lora;

    /// <summary>KV-cache configuration of each server.</summary>
    public ReadOnlySpan<CacheConfig> Cache => _cache;

    /// <summary>Finds servers by address; made when it is first asked for, in a time that grows with their number.</summary>
    public AddressIndex ByAddress => Addresses.GetValue(_servers, static servers => new AddressIndex(servers));

    /// <summary>Finds servers by id; made when it is first asked for, in a time that grows with their number.</summary>
    public IdIndex ById => Ids.GetValue(_servers, static servers => new IdIndex(servers));

    /// <summary>A small number for each server that stays the server's while rows move, and is no other's: what state outside the view, such as the prefix index, is kept by.</summary>
    public ReadOnlySpan<int> Numbers => _numbers;

    /// <summary>What this process has in flight on each server: the same objects in all views of a server's stay.</summary>
    public ReadOnlySpan<ServerLoad> InFlight => _inFlight;
}
