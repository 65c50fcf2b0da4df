using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>What a gateway itself knows of a pool's model servers, over all views: who holds which prompts and media, and what is in flight.</summary>
/// <remarks>
/// <see cref="Keep"/> belongs to the one who applies frames; <see cref="Prefix"/>, <see cref="Media"/> and what a view holds of it are safe from any thread. A server that comes back, or one with
/// the same name and another address, starts from nothing: its cache is empty, and what was in flight to the other has failed.
/// </remarks>
public sealed class PoolMemory
{
    /// <summary>Blocks of servers that left which one change of the membership clears away.</summary>
    private const int SweptByChange = 4096;

    private readonly ServerNumbers _numbers = new();
    private Dictionary<string, ServerLoad> _loads = new(StringComparer.Ordinal);

    /// <summary>Which servers hold which prompts, by their numbers.</summary>
    public PrefixIndex Prefix { get; } = new();

    /// <summary>Which servers have encoded which pictures, videos and sounds, by their numbers: each is a chain of one block.</summary>
    public PrefixIndex Media { get; } = new();

    /// <summary>How long its servers take; learns from what the gateway measures, and knows nothing at the start.</summary>
    public LatencyPredictor Latency { get; } = new();

    /// <summary>Takes the pool's membership: gives each server its number and what is in flight on it, and forgets those that are not there any more.</summary>
    public void Keep(ReadOnlySpan<ModelServer> servers, out int[] numbers, out ServerLoad[] inFlight)
    {
        var stays = new Dictionary<string, ServerLoad>(servers.Length, StringComparer.Ordinal);
        foreach (var server in servers)
        {
            var key = KeyOf(server);
            stays[key] = _loads.Remove(key, out var load) ? load : new ServerLoad();
        }

        foreach (var left in _loads.Keys)
        {
            if (_numbers.Leave(left, out var number))
            {
                Prefix.Remove(number);
            }
        }

        Sweep();
        _loads = stays;
        numbers = new int[servers.Length];
        inFlight = new ServerLoad[servers.Length];
        for (var i = 0; i < servers.Length; i++)
        {
            var key = KeyOf(servers[i]);
            numbers[i] = _numbers.Join(key);
            inFlight[i] = stays[key];
        }
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
            _numbers.Free(number);
        }
    }
}
