using Microsoft.Extensions.Logging;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Starts the due scrapes of all model servers of this process; one instance a process.</summary>
/// <remarks>Safe from any thread.</remarks>
internal sealed class ScrapeClock : IDisposable
{
    /// <summary>
    /// Servers of one lane before another is opened. A lane is one thread's work: 512 servers at 20 scrapes a second take a fifth of a core where
    /// answers are filtered. Few servers share a lane because each lane has a thread.
    /// </summary>
    private const int ServersPerLane = 512;

    private readonly Lock _lock = new();
    private readonly List<ScrapeLane> _lanes = [];
    private readonly Random _random;
    private bool _isEnded;

    public ScrapeClock(ScrapeOptions options, TimeProvider time, Random random, ILogger<ScrapeClock> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        Options = options;
        Time = time;
        Logger = logger;
        Times = new ScrapeTimes(options, time);
        _random = random;
        if (options.Https)
        {
            var faults = new List<string>();
            Tls = ScrapeTls.TryLoad(options.Tls, faults) ?? throw new ArgumentException($"Model servers' metrics can't be read over HTTPS: {string.Join("; ", faults)}", nameof(options));
        }
    }

    /// <summary>What scraping has done so far.</summary>
    public ScrapeCounters Counters { get; } = new();

    internal ScrapeOptions Options { get; }

    /// <summary>With what HTTPS is spoken; null for plain HTTP.</summary>
    internal ScrapeTls? Tls { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal ScrapeTimes Times { get; }

    /// <summary>Ends all scraping.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isEnded = true;
            _lanes.ForEach(lane => lane.Dispose());
            _lanes.Clear();
        }
    }

    internal void Add(MetricsScraper scraper)
    {
        lock (_lock)
        {
            if (!_isEnded)
            {
                ChooseLane_NeedsLock().Add(scraper);
            }
        }
    }

    /// <summary>Runs every lane once; what a slot does otherwise.</summary>
    internal void Tick()
    {
        ScrapeLane[] lanes;
        lock (_lock)
        {
            lanes = [.. _lanes];
        }

        foreach (var lane in lanes)
        {
            lane.Tick();
        }
    }

    private ScrapeLane ChooseLane_NeedsLock()
    {
        var least = _lanes.MinBy(lane => lane.Count);
        var free = _lanes.Find(lane => lane.Count < ServersPerLane);
        if (free is null && (least is null || _lanes.Count < Environment.ProcessorCount))
        {
            _lanes.Add(free = new ScrapeLane(this, new Random(_random.Next())));
        }

        return free ?? least!;
    }
}
