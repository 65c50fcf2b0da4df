using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class ScrapePaceTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Scrape_HealthyServer_ComesAtTheInterval()
    {
        await using var server = new ScrapeServer(ScrapeServer.Always(ScrapeServer.Ok(Pages.Vllm)));
        using var harness = new ScrapeHarness(server.EndPoint);
        harness.Clock.Tick();
        harness.Time.Advance(TimeSpan.FromMilliseconds(50));
        await harness.OutcomeAsync();
        var before = harness.Time.GetTimestamp();
        var pauses = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            while (server.Paths.Count == i + 1 && !harness.Scraper.IsScraping)
            {
                harness.Time.Advance(Millisecond);
                harness.Clock.Tick();
            }

            var at = harness.Time.GetTimestamp();
            await harness.OutcomeAsync();
            pauses.Add(harness.Time.GetElapsedTime(before, at).TotalMilliseconds);
            before = at;
        }

        Assert.All(pauses.Skip(1), pause => Assert.Equal(50, pause));
    }

    [Fact]
    public async Task Scrape_FailingServer_BacksOffAndRecoversAtOnce()
    {
        await using var server = new ScrapeServer(ScrapeServer.Always("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
        using var harness = new ScrapeHarness(server.EndPoint, options => options.Jitter = 0);
        harness.Clock.Tick();
        harness.Time.Advance(TimeSpan.FromMilliseconds(50));
        await harness.OutcomeAsync();
        foreach (var pause in new[] { 50, 100, 200, 400, 800, 1000, 1000 })
        {
            harness.Time.Advance(TimeSpan.FromMilliseconds(pause) - Millisecond);
            harness.TickIdle();
            Assert.False(harness.Scraper.IsScraping);
            harness.Time.Advance(Millisecond);
            Assert.False((await harness.OutcomeAsync()).Health.IsHealthy);
        }

        server.Respond = ScrapeServer.Always(ScrapeServer.Ok(Pages.Vllm));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await harness.OutcomeAsync()).Health.IsHealthy);
        harness.Time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.True((await harness.OutcomeAsync()).Health.IsHealthy);
    }

    [Fact]
    public async Task Scrape_AnswerTakesLongerThanTheInterval_IsNotOvertaken()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScrapeServer(async (_, connection, stop) =>
        {
            await gate.Task.WaitAsync(stop);
            await connection.WriteAsync(ScrapeServer.Ok(Pages.Vllm), stop);
            answered.TrySetResult();
            return true;
        });
        using var harness = new ScrapeHarness(server.EndPoint);
        harness.Clock.Tick();
        harness.Time.Advance(TimeSpan.FromMilliseconds(50));
        await harness.UntilAsync(() => server.Paths.Count == 1);
        for (var i = 0; i < 6; i++)
        {
            harness.Time.Advance(TimeSpan.FromMilliseconds(100));
            harness.TickIdle();
        }

        Assert.Equal((1, 1), (server.Paths.Count, server.Accepted));
        gate.SetResult();
        await answered.Task.WaitAsync(TimeSpan.FromSeconds(60));
        harness.Time.Advance(TimeSpan.FromMilliseconds(100));
        await harness.OutcomeAsync();
        harness.TickIdle();
        Assert.False(harness.Scraper.IsScraping);
    }

    [Fact]
    public async Task Scrape_ServersOnTheRealClock_AreScrapedByTheirLanes()
    {
        await using var server = new ScrapeServer(ScrapeServer.Always(ScrapeServer.Ok(Pages.Vllm)));
        using var clock = new ScrapeClock(
            new ScrapeOptions { FilteredScrape = FilteredScrapeMode.Never }, TimeProvider.System, new Random(1), Microsoft.Extensions.Logging.Abstractions.NullLogger<ScrapeClock>.Instance);
        var sinks = Enumerable.Range(0, 20).Select(_ => new GateSink(wanted: 3)).ToArray();
        var scrapers = sinks.Select(sink => new MetricsScraper(new ScrapeTarget(server.EndPoint, BuiltInEngines.Vllm), sink, clock)).ToArray();
        Array.ForEach(scrapers, scraper => scraper.Start());

        await Task.WhenAll(sinks.Select(sink => sink.Reached)).WaitAsync(TimeSpan.FromSeconds(60));

        Array.ForEach(scrapers, scraper => scraper.Dispose());
        for (var i = 0; server.Open > 0; i++)
        {
            Assert.True(i < 6000, "connections of disposed scrapers stay open");
            await Task.Delay(10);
        }

        // The lane was at rest; another server wakes it.
        var late = new GateSink(wanted: 1);
        using var lateScraper = new MetricsScraper(new ScrapeTarget(server.EndPoint, BuiltInEngines.Vllm), late, clock);
        lateScraper.Start();
        await late.Reached.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private sealed class GateSink(int wanted) : IScrapeSink
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public Task Reached => _reached.Task;

        public void OnSample(in ScrapeSample sample)
        {
            if (sample.Health.IsHealthy && ++_count == wanted)
            {
                _reached.TrySetResult();
            }
        }
    }
}
