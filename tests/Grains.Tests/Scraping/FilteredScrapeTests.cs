using System.Text;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

public sealed class FilteredScrapeTests
{
    private const string Whole = "/metrics";

    private const string Filtered =
        "/metrics/?name%5B%5D=vllm:num_requests_waiting&name%5B%5D=vllm:num_requests_running&name%5B%5D=vllm:kv_cache_usage_perc"
        + "&name%5B%5D=vllm:gpu_cache_usage_perc&name%5B%5D=vllm:lora_requests_info&name%5B%5D=vllm:cache_config_info";

    private static readonly byte[] WholePage = ScrapeServer.Ok(Encoding.UTF8.GetString(Pages.WithHistograms(Pages.Vllm, 30_000)));

    [Fact]
    public async Task Scrape_ServerThatFilters_IsAskedForTheFamiliesOnly()
    {
        await using var server = Server(ScrapeServer.Ok(Pages.Vllm));
        using var harness = Harness(server);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal((true, 3), (await harness.ScrapeAsync()) is var sample ? (sample.Health.IsHealthy, sample.Queued) : default);
        }

        Assert.Equal([Whole, Filtered, Filtered, Filtered], server.Paths);
        Assert.Equal((4, 3), (harness.Clock.Counters.Succeeded, harness.Clock.Counters.Filtered));
    }

    [Fact]
    public async Task Scrape_Never_IsAlwaysTheWholePage()
    {
        await using var server = Server(ScrapeServer.Ok(Pages.Vllm));
        using var harness = new ScrapeHarness(server.EndPoint);
        for (var i = 0; i < 4; i++)
        {
            await harness.ScrapeAsync();
        }

        Assert.Equal([Whole, Whole, Whole, Whole], server.Paths);
    }

    public static TheoryData<string> NoFilters =>
    [
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\nvllm:num_requests_waiting 3\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
        "HTTP/1.1 307 Go\r\nLocation: /metrics\r\nContent-Length: 0\r\n\r\n",
        "garbage",
        string.Empty,
    ];

    [Theory]
    [MemberData(nameof(NoFilters))]
    public async Task Scrape_ServerThatCannotFilter_IsAskedForTheWholePageWithoutAFailure(string answer)
    {
        await using var server = Server(Encoding.ASCII.GetBytes(answer), keep: answer.StartsWith("HTTP", StringComparison.Ordinal));
        using var harness = Harness(server);
        harness.Clock.Tick();
        for (var i = 0; i < 4; i++)
        {
            harness.Time.Advance(TimeSpan.FromMilliseconds(60));
            Assert.Equal((true, 3), (await harness.OutcomeAsync()) is var sample ? (sample.Health.IsHealthy, sample.Queued) : default);
        }

        // A connection that is closed without a byte may have been stale: the request is sent once more.
        string[] tried = answer.Length == 0 ? [Filtered, Filtered] : [Filtered];
        Assert.Equal([Whole, .. tried, Whole, Whole, Whole], server.Paths);
        Assert.Equal(0, harness.Clock.Counters.Filtered);
        Assert.Empty(harness.Log);
    }

    [Fact]
    public async Task Scrape_ServerThatAnswersTheWholePageToTheFilter_IsNotFiltered()
    {
        await using var server = Server(WholePage);
        using var harness = Harness(server);
        harness.Clock.Tick();
        for (var i = 0; i < 4; i++)
        {
            harness.Time.Advance(TimeSpan.FromMilliseconds(60));
            await harness.OutcomeAsync();
        }

        Assert.Equal([Whole, Filtered, Whole, Whole, Whole], server.Paths);
    }

    [Theory]
    [MemberData(nameof(NoFilters))]
    public async Task Scrape_FilterStopsMakingSense_FallsBackAtOnce(string answer)
    {
        await using var server = Server(ScrapeServer.Ok(Pages.Vllm));
        using var harness = Harness(server);
        await harness.ScrapeAsync();
        await harness.ScrapeAsync();
        await harness.ScrapeAsync();

        server.Respond = Answer(Encoding.ASCII.GetBytes(answer), keep: answer.StartsWith("HTTP", StringComparison.Ordinal));
        var sample = await harness.ScrapeAsync();

        Assert.Equal((true, 3, 4), (sample.Health.IsHealthy, sample.Queued, harness.Samples));
        Assert.Equal(Whole, server.Paths.Last());
        Assert.Empty(harness.Log);
    }

    [Fact]
    public async Task Scrape_ConnectionWasReplaced_ChecksTheFilterAgain()
    {
        await using var server = Server(ScrapeServer.Ok(Pages.Vllm));
        using var harness = Harness(server);
        await harness.ScrapeAsync();
        await harness.ScrapeAsync();

        await server.DropConnectionsAsync();
        await harness.ScrapeAsync();
        await harness.ScrapeAsync();
        await harness.ScrapeAsync();

        Assert.Equal([Whole, Filtered, Filtered, Whole, Filtered], server.Paths);
    }

    [Fact]
    public async Task Scrape_FindingIsOld_IsCheckedAgainstAWholePage()
    {
        await using var server = Server(ScrapeServer.Ok(Pages.Vllm));
        using var harness = Harness(server);
        await harness.ScrapeAsync();
        await harness.ScrapeAsync();
        harness.Time.Advance(harness.Options.FilterRecheck);
        await harness.OutcomeAsync();
        await harness.ScrapeAsync();

        Assert.Equal([Whole, Filtered, Whole, Filtered], server.Paths);
    }

    private static ScrapeServer Server(byte[] filtered, bool keep = true) => new(Answer(filtered, keep));

    private static ScrapeServer.Answer Answer(byte[] filtered, bool keep) => (path, connection, stop) =>
        path == Whole ? ScrapeServer.Always(WholePage)(path, connection, stop) : ScrapeServer.Always(filtered, keep)(path, connection, stop);

    private static ScrapeHarness Harness(ScrapeServer server) => new(server.EndPoint, options => options.FilteredScrape = FilteredScrapeMode.Auto);
}
