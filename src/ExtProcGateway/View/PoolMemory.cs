using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>What a gateway itself knows of a pool's model servers, over all views: who holds which prompts and media, and what is in flight.</summary>
/// <remarks>
/// <see cref="Keep"/> belongs to the one who applies frames; <see cref="Prefix"/>, <see cref="Media"/>, <see cref="Events"/> and what a view holds of it are safe from any thread. A server that comes back, or one with
/// the same name and another address, starts from nothing: its cache is empty, and what was in flight to the other has failed.
/// </remarks>
public sealed class PoolMemory
{
    /// <summary>Blocks of servers that left which one change of the membership clears away.</summary>
    private const int SweptByChange = 4096;

    /// <summary>
    /// Up to so many servers, one decision at a time is made: it takes a microsecond or two, and without that two threads find the same server idle, and a burst is spread unevenly where no scorer
    /// goes by what is in flight (11 to 15 of 100 requests on one of ten servers). Among more servers two decisions seldom meet, and take long enough to be in each other's way.
    /// </summary>
    private const int DecidedOneByOne = 128;

    private readonly Lock _deciding = new();
    private readonly ServerNumbers _numbers = new();
    private readonly Dictionary<ModelServer, Stay> _stays = new(new SameServer());
    private int _membership;

    /// <summary>Which servers hold which prompts, by their numbers.</summary>
    public PrefixIndex Prefix { get; } = new();

    /// <summary>Which servers have encoded which pictures, videos and sounds, by their numbers: each is a chain of one block.</summary>
    public PrefixIndex Media { get; } = new();

    /// <summary>Which servers hold which prompts, as their own events tell, by their numbers.</summary>
    public EngineBlockIndex Events { get; } = new();

    /// <summary>How long its servers take; learns from what the gateway measures, and knows nothing at the start.</summary>
    public LatencyPredictor Latency { get; } = new();

    /// <summary>Begins a decision and its booking; other threads' wait until the result is disposed of, where the pool is small.</summary>
    public Lock.Scope EnterDecision(PoolView? view) => view is { Count: <= DecidedOneByOne } ? _deciding.EnterScope() : default;

    /// <summary>Takes the pool's membership: gives each server its number and what is in flight on it, and forgets those that are not there any more.</summary>
    /// <remarks>Costs a look-up for each server; text is made for those that come and go only.</remarks>
    public void Keep(ReadOnlySpan<ModelServer> servers, out int[] numbers, out ServerLoad[] inFlight)
    {
        var stays = new Stay?[servers.Length];
        _membership++;
        for (var i = 0; i < servers.Length; i++)
        {
            if (_stays.TryGetValue(servers[i], out stays[i]))
            {
                stays[i]!.Membership = _membership;
            }
        }

        foreach (var (server, stay) in _stays)
        {
            if (stay.Membership != _membership)
            {
                _stays.Remove(server);
                _numbers.Leave(KeyOf(server), out _);
                Prefix.Remove(stay.Number);
            }
        }

        Sweep();
        numbers = new int[servers.Length];
        inFlight = new ServerLoad[servers.Length];
        for (var i = 0; i < servers.Length; i++)
        {
            var stay = stays[i] ?? Join(servers[i]);
            numbers[i] = stay.Number;
            inFlight[i] = stay.InFlight;
        }
    }

    private Stay Join(ModelServer server)
    {
        if (!_stays.TryGetValue(server, out var stay))
        {
            _stays.Add(server, stay = new Stay(_numbers.Join(KeyOf(server))) { Membership = _membership });
        }

        return stay;
    }

    private static string KeyOf(ModelServer server) => $"{server.Id} {server.Address}";

    private void Sweep()
    {
        Prefix.TrySweep(SweptByChange);
        while (Prefix.TryTakeSwept(out var number))
        {
            Media.Remove(number);
        }

        Media.TrySweep(SweptByChange);
        while (Media.TryTakeSwept(out var number))
        {
            Events.Index.Remove(number);
        }

        Events.Index.TrySweep(SweptByChange);
        while (Events.Index.TryTakeSwept(out var number))
        {
            _numbers.Free(number);
        }
    }

    /// <summary>What is kept of a server while it is in the pool.</summary>
    private sealed class Stay(int number)
    {
        public int Number { get; } = number;

        public ServerLoad InFlight { get; } = new();

        /// <summary>The last membership that had it.</summary>
        public int Membership { get; set; }
    }

    /// <summary>Other labels make another object of the same server.</summary>
    private sealed class SameServer : IEqualityComparer<ModelServer>
    {
        public bool Equals(ModelServer? x, ModelServer? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.Id == y.Id && x.Address == y.Address);

        public int GetHashCode(ModelServer server) => server.Id.GetHashCode(StringComparison.Ordinal);
    }
}
