using System.Collections.Frozen;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;

namespace Orleans.Inference.Bench.Simulation.Runs;

/// <summary>The way of the servers' figures to the picker: each server is scraped every 50 ms, spread over that time; every 25 ms a frame leaves with what was scraped last, and becomes the view 2 ms later.</summary>
internal sealed class ViewFeed
{
    private static readonly TimeSpan ScrapeInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan FrameDelay = TimeSpan.FromMilliseconds(2);

    private readonly SimulatedServer[] _servers;
    private readonly ModelServer[] _identities;
    private readonly CacheConfig[] _caches;
    private readonly int[] _numbers;
    private readonly ServerLoad[] _inFlight;
    private PoolView? _underWay;
    private long _scrapes;
    private long _frames;

    public ViewFeed(SimulatedServer[] servers)
    {
        _servers = servers;
        _identities = [.. servers.Select((_, i) => new ModelServer($"simulation/server{i}-rank-0", $"10.0.0.{i + 1}:8000", FrozenDictionary<string, string>.Empty))];
        _caches = [.. servers.Select(server => new CacheConfig(server.Engine.Options.BlockSize, server.Engine.Options.BlockCount))];
        _numbers = [.. Enumerable.Range(0, servers.Length)];
        _inFlight = [.. servers.Select(_ => new ServerLoad())];
        View = Frame();
    }

    /// <summary>What the picker knows now.</summary>
    public PoolView View { get; private set; }

    /// <summary>When there is something to do next.</summary>
    public TimeSpan NextEvent => Min(NextScrape, Min(NextFrame, Applied));

    private TimeSpan NextScrape => ScrapeInterval * ((double)_scrapes / _servers.Length);

    private TimeSpan NextFrame => FrameInterval * _frames;

    private TimeSpan Applied => _underWay is null ? TimeSpan.MaxValue : (FrameInterval * (_frames - 1)) + FrameDelay;

    /// <summary>Does what is due; the engines must have been brought up to this time.</summary>
    public void Advance(TimeSpan now)
    {
        while (NextScrape <= now)
        {
            _servers[_scrapes++ % _servers.Length].Scrape(now);
        }

        if (Applied <= now)
        {
            View = _underWay!;
            _underWay = null;
        }

        if (NextFrame <= now)
        {
            _underWay = Frame();
            _frames++;
        }
    }

    private PoolView Frame() => new(
        "simulation/pool",
        _frames,
        _identities,
        new LoadColumns(Column(s => s.Queued), Column(s => s.Running), Column(s => s.KvUsage), Column(s => s.ScrapedAt)),
        Column(s => s.Lora),
        _caches,
        _numbers,
        _inFlight);

    private T[] Column<T>(Func<SimulatedServer, T> figure) => Array.ConvertAll(_servers, server => figure(server));

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
