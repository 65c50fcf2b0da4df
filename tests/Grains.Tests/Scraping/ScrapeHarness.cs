using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

/// <summary>A scraper of one server whose time stands still; the test moves it and runs the slots.</summary>
internal sealed class ScrapeHarness : IScrapeSink, ILogger<ScrapeClock>, IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<ScrapeSample> _samples = [];

    public ScrapeHarness(IPEndPoint server, Action<ScrapeOptions>? configure = null, EngineMapping? engine = null)
    {
        Options = new ScrapeOptions { FilteredScrape = FilteredScrapeMode.Never };
        configure?.Invoke(Options);
        Clock = new ScrapeClock(Options, Time, new Random(1), this);
        Scraper = new MetricsScraper(new ScrapeTarget(server, engine ?? BuiltInEngines.Vllm), this, Clock);
        Scraper.Start();
    }

    public ScrapeOptions Options { get; }

    public StandingClock Time { get; } = new();

    public ScrapeClock Clock { get; }

    public MetricsScraper Scraper { get; }

    public ConcurrentQueue<string> Log { get; } = [];

    public int Samples { get; private set; }

    /// <summary>Called with each sample, on the lane.</summary>
    public Action<ScrapeSample>? OnEachSample { get; set; }

    void IScrapeSink.OnSample(in ScrapeSample sample)
    {
        Samples++;
        _samples.Enqueue(sample);
        OnEachSample?.Invoke(sample);
    }

    /// <summary>Lets the next scrape become due and waits for its outcome, without letting more time pass.</summary>
    public async Task<ScrapeSample> ScrapeAsync()
    {
        Clock.Tick();
        Time.Advance(TimeSpan.FromSeconds(1.5));
        return await OutcomeAsync();
    }

    /// <summary>Waits for the outcome of what is due or under way.</summary>
    public async Task<ScrapeSample> OutcomeAsync()
    {
        await UntilAsync(() => !_samples.IsEmpty);
        return _samples.TryDequeue(out var sample) ? sample : default;
    }

    /// <summary>Runs slots until the condition holds.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Bound, $"it did not come; the log: {string.Join("; ", Log)}");
            Clock.Tick();
            await Task.Yield();
        }
    }

    /// <summary>Runs slots while the server could do something, but expects nothing to be started.</summary>
    public void TickIdle()
    {
        for (var i = 0; i < 20; i++)
        {
            Clock.Tick();
        }
    }

    public void Dispose()
    {
        Scraper.Dispose();
        Clock.Tick();
        Clock.Dispose();
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Enqueue($"{eventId.Id} {formatter(state, exception)}");
}
