using System.Net;
using System.Net.Sockets;
using System.Text;
using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class MetricsScraperTests
{
    private static readonly ScrapeServer.Answer Good = ScrapeServer.Always(ScrapeServer.Ok(Pages.Vllm));

    [Fact]
    public async Task Scrape_HealthyServer_GivesItsFiguresOverOneConnection()
    {
        await using var server = new ScrapeServer(Good);
        using var harness = new ScrapeHarness(server.EndPoint);

        var first = await harness.ScrapeAsync();
        var at = harness.Time.GetTimestamp();
        var second = await harness.ScrapeAsync();

        Assert.Equal((3, 7, 0.25, 4), (first.Queued, first.Running, first.KvUsage, first.Lora.MaxActive));
        Assert.Equal(new CacheConfig(16, 19208), first.Cache);
        Assert.Equal((ScrapeHealth.Healthy, at), (first.Health, first.SampledAt));
        Assert.Same(first.Lora, second.Lora);
        Assert.True(second.SampledAt > at);
        Assert.Equal(1, server.Accepted);
        Assert.All(server.Paths, path => Assert.Equal("/metrics", path));
        Assert.Empty(harness.Log);
    }

    [Fact]
    public async Task Scrape_LargePageInChunksOverManyWrites_IsRead()
    {
        var page = Pages.WithHistograms(Pages.Vllm, 1_000_000);
        await using var server = new ScrapeServer(async (_, connection, stop) =>
        {
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), stop);
            for (var at = 0; at < page.Length; at += 7001)
            {
                var chunk = page[at..Math.Min(page.Length, at + 7001)];
                await connection.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{chunk.Length:X}\r\n"), .. chunk, (byte)'\r'], stop);
                await connection.WriteAsync("\n"u8.ToArray(), stop);
            }

            await connection.WriteAsync("0\r\n\r\n"u8.ToArray(), stop);
            return true;
        });
        using var harness = new ScrapeHarness(server.EndPoint);

        Assert.Equal((ScrapeHealth.Healthy, 3), (await harness.ScrapeAsync()) is var sample ? (sample.Health, sample.Queued) : default);
        await harness.ScrapeAsync();
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task Scrape_BytewiseDribble_IsReadWithinTheTimeout()
    {
        await using var server = new ScrapeServer(async (_, connection, stop) =>
        {
            foreach (var one in ScrapeServer.Ok(Pages.Vllm))
            {
                connection.WriteByte(one);
                await Task.Yield();
            }

            return true;
        });
        using var harness = new ScrapeHarness(server.EndPoint);

        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
    }

    public static TheoryData<string, string, int> BadAnswers => new()
    {
        { nameof(ScrapeFailure.Status), "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops", 500 },
        { nameof(ScrapeFailure.Status), "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404 },
        { nameof(ScrapeFailure.Html), "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n<!doctype html><html><body>vllm:x 1</htm", 0 },
        { nameof(ScrapeFailure.Html), "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi", 0 },
        { nameof(ScrapeFailure.NoFamilies), "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nother 1\n", 0 },
        { nameof(ScrapeFailure.NoFamilies), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0 },
        { nameof(ScrapeFailure.BadValues), "HTTP/1.1 200 OK\r\nContent-Length: 58\r\n\r\nvllm:num_requests_waiting NaN\nvllm:num_requests_running -1", 0 },
        { nameof(ScrapeFailure.NotHttp), "\u0016\u0003\u0001garbage\r\n\r\n", 0 },
        { nameof(ScrapeFailure.Closed), "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nvllm:num_requests_waiting 1\n", 0 },
        { nameof(ScrapeFailure.Closed), "HTTP/1.1 200 O", 0 },
        { nameof(ScrapeFailure.Closed), string.Empty, 0 },
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task Scrape_BadAnswerAfterAGoodOne_KeepsTheFiguresAndSaysWhy(string failure, string answer, int detail)
    {
        await using var server = new ScrapeServer(Good);
        using var harness = new ScrapeHarness(server.EndPoint);
        var good = await harness.ScrapeAsync();

        server.Respond = ScrapeServer.Always(Encoding.Latin1.GetBytes(answer), keep: false);
        var bad = await harness.ScrapeAsync();
        var worse = await harness.ScrapeAsync();

        Assert.Equal(failure, bad.Health.Failure.ToString());
        Assert.Equal(detail, bad.Health.Detail);
        Assert.Equal(good, bad with { Health = ScrapeHealth.Healthy });
        Assert.Equal(bad, worse);
        Assert.Single(harness.Log, line => line.StartsWith("2100 ", StringComparison.Ordinal) && line.Contains(bad.Health.ToString(), StringComparison.Ordinal));

        server.Respond = Good;
        var again = await harness.ScrapeAsync();
        Assert.Equal(ScrapeHealth.Healthy, again.Health);
        Assert.True(again.SampledAt > good.SampledAt);
    }

    [Fact]
    public async Task Scrape_EndlessPage_EndsAtTheBoundAndClosesTheConnection()
    {
        await using var server = new ScrapeServer(async (_, connection, stop) =>
        {
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), stop);
            var piece = new byte[10_000];
            piece.AsSpan().Fill((byte)'\n');
            while (true)
            {
                await connection.WriteAsync(piece, stop);
            }
        });
        using var harness = new ScrapeHarness(server.EndPoint);

        Assert.Equal(ScrapeFailure.TooLarge, (await harness.ScrapeAsync()).Health.Failure);
        await harness.UntilAsync(() => server.Open == 0);
    }

    [Fact]
    public async Task Scrape_SilentServer_TimesOutAndClosesTheConnection()
    {
        await using var server = new ScrapeServer(async (_, _, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return false;
        });
        using var harness = new ScrapeHarness(server.EndPoint);
        harness.Clock.Tick();
        harness.Time.Advance(TimeSpan.FromMilliseconds(50));
        await harness.UntilAsync(() => !server.Paths.IsEmpty);

        harness.Time.Advance(TimeSpan.FromMilliseconds(990));
        harness.TickIdle();
        Assert.Equal(0, harness.Samples);

        harness.Time.Advance(TimeSpan.FromMilliseconds(200));
        var sample = await harness.OutcomeAsync();
        Assert.Equal((ScrapeFailure.TimedOut, PoolView.NeverSampled), (sample.Health.Failure, sample.SampledAt));
    }

    [Fact]
    public async Task Scrape_NothingListens_SaysSoAndRecovers()
    {
        int port;
        using (var reserved = new TcpListener(IPAddress.Loopback, 0))
        {
            reserved.Start();
            port = ((IPEndPoint)reserved.LocalEndpoint).Port;
        }

        using var harness = new ScrapeHarness(new IPEndPoint(IPAddress.Loopback, port));
        var refused = await harness.ScrapeAsync();
        Assert.Equal(new ScrapeHealth(ScrapeFailure.Connect, (int)SocketError.ConnectionRefused), refused.Health);

        await using var server = new ScrapeServer(Good, port);
        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
        Assert.Collection(
            harness.Log,
            line => Assert.StartsWith("2100 ", line, StringComparison.Ordinal),
            line => Assert.StartsWith("2101 ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scrape_IdleConnectionClosedByTheServer_ReconnectsWithoutAFailure()
    {
        await using var server = new ScrapeServer(Good);
        using var harness = new ScrapeHarness(server.EndPoint);
        await harness.ScrapeAsync();

        await server.DropConnectionsAsync();
        var sample = await harness.ScrapeAsync();

        Assert.Equal(ScrapeHealth.Healthy, sample.Health);
        Assert.Equal((2, 2), (server.Accepted, harness.Samples));
        Assert.Empty(harness.Log);
    }

    [Fact]
    public async Task Scrape_ConnectionClose_ConnectsAnewEachTime()
    {
        await using var server = new ScrapeServer(ScrapeServer.Always(ScrapeServer.Ok(Pages.Vllm, "Connection: close\r\n"), keep: false));
        using var harness = new ScrapeHarness(server.EndPoint);
        await harness.ScrapeAsync();

        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
        Assert.Equal(2, server.Accepted);
    }

    [Theory]
    [InlineData("/metrics/")]
    [InlineData("http://{0}/metrics/")]
    public async Task Scrape_RedirectedToAnotherPath_FollowsOnceAndForGood(string location)
    {
        await using var server = new ScrapeServer(Good);
        location = location.Replace("{0}", server.EndPoint.ToString(), StringComparison.Ordinal);
        server.Respond = (path, connection, stop) => path == "/metrics/"
            ? Good(path, connection, stop)
            : ScrapeServer.Always($"HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")(path, connection, stop);
        using var harness = new ScrapeHarness(server.EndPoint);

        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
        Assert.Equal(["/metrics", "/metrics/", "/metrics/"], server.Paths);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("http://example.org/metrics")]
    [InlineData("//example.org/")]
    public async Task Scrape_RedirectedInACircleOrAway_Fails(string location)
    {
        await using var server = new ScrapeServer(ScrapeServer.Always($"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"));
        using var harness = new ScrapeHarness(server.EndPoint);

        Assert.Equal(new ScrapeHealth(ScrapeFailure.Status, 302), (await harness.ScrapeAsync()).Health);
    }

    [Fact]
    public async Task Scrape_FailingEveryOtherTime_IsAnnouncedOnce()
    {
        var turn = 0;
        await using var server = new ScrapeServer((path, connection, stop) =>
            turn++ % 2 == 0 ? Good(path, connection, stop) : ScrapeServer.Always("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")(path, connection, stop));
        using var harness = new ScrapeHarness(server.EndPoint);
        harness.Clock.Tick();
        for (var i = 0; i < 20; i++)
        {
            // An interval after a failure; after a success, what is left to the server's phase, at most half an interval more.
            harness.Time.Advance(TimeSpan.FromMilliseconds(80));
            await harness.OutcomeAsync();
        }

        Assert.Single(harness.Log);
    }

    [Fact]
    public async Task Scrape_SinkThrows_TheOthersGoOn()
    {
        await using var server = new ScrapeServer(Good);
        using var harness = new ScrapeHarness(server.EndPoint) { OnEachSample = _ => throw new InvalidOperationException("a fault of the sink") };
        var other = new CountingSink();
        using var scraper = new MetricsScraper(new ScrapeTarget(server.EndPoint, BuiltInEngines.Vllm), other, harness.Clock);
        scraper.Start();
        for (var i = 1; i <= 3; i++)
        {
            await harness.ScrapeAsync();
            await harness.UntilAsync(() => other.Count >= i);
        }

        Assert.Equal(3, harness.Log.Count(line => line.StartsWith("2102 ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Dispose_WhileScraping_ClosesTheConnectionAndReportsNothing()
    {
        var asked = new TaskCompletionSource();
        await using var server = new ScrapeServer(async (_, _, stop) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, stop);
            return false;
        });
        using var harness = new ScrapeHarness(server.EndPoint);
        harness.Clock.Tick();
        harness.Time.Advance(TimeSpan.FromMilliseconds(50));
        await harness.UntilAsync(() => asked.Task.IsCompleted);

        harness.Scraper.Dispose();
        harness.Time.Advance(TimeSpan.FromSeconds(10));
        harness.TickIdle();

        Assert.Equal(0, harness.Samples);
    }

    private sealed class CountingSink : IScrapeSink
    {
        public int Count { get; private set; }

        public void OnSample(in ScrapeSample sample) => Count++;
    }
}
