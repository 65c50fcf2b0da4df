using System.Text;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

/// <summary>Counts memory of the process, so nothing else runs beside it.</summary>
[CollectionDefinition(nameof(BadAnswersSoak), DisableParallelization = true)]
[Collection(nameof(BadAnswersSoak))]
public sealed class BadAnswersSoak
{
    [Fact]
    public async Task Scrape_ThousandOfEachBadAnswer_LeavesNothingBehind()
    {
        var giant = new string('x', 100_000);
        var answers = MetricsScraperTests.BadAnswers.Select(row => Encoding.Latin1.GetBytes((string)((object[])row)[1]))
            .Append(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nvllm:num_requests_waiting{{a=\"{giant}"))
            .Append(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nvllm:\r\nffffffff\r\nx"))
            .Append(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\n" + new string('\n', 300_000)))
            .ToArray();
        var turn = 0;
        await using var server = new ScrapeServer((path, connection, stop) => ScrapeServer.Always(answers[turn++ % answers.Length], keep: false)(path, connection, stop));
        using var harness = new ScrapeHarness(server.EndPoint, options => (options.FilteredScrape, options.MaxPageBytes) = (FilteredScrapeMode.Auto, 256 * 1024));

        // Array pools, timers and compiled code fill up for some thousand scrapes; what grows after that is a leak.
        await RunAsync(answers.Length * 500);
        var before = UsedMemory();
        await RunAsync(answers.Length * 500);
        var grown = UsedMemory() - before;

        Assert.InRange(grown, long.MinValue, 1024 * 1024);
        await harness.UntilAsync(() => server.Open == 0);
        server.Respond = ScrapeServer.Always(ScrapeServer.Ok(Pages.Vllm));
        Assert.Equal(ScrapeHealth.Healthy, (await harness.ScrapeAsync()).Health);
        Assert.Equal(["2100", "2101"], harness.Log.Select(line => line[..4]));

        static long UsedMemory()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return GC.GetTotalMemory(forceFullCollection: true);
        }

        async Task RunAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.False((await harness.ScrapeAsync()).Health.IsHealthy);
                server.Paths.Clear();
            }
        }
    }
}
