using Orleans.Inference.Simulator.Load;
using Orleans.Inference.Simulator.Tests.ModelServer;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Simulator.Tests.Load;

public sealed class LoadCommandTests(ModelServerFixture server) : IClassFixture<ModelServerFixture>
{
    [Theory]
    [InlineData("SharedPrefix")]
    [InlineData("Conversation")]
    public async Task Load_AgainstAModelServer_ReportsAndWritesCsv(string workload)
    {
        var csv = Path.GetTempFileName();
        try
        {
            await using var load = Start(
                "--url", server.Client.BaseAddress!.ToString(), "--rate", "100", "--requests", "10", "--workload", workload, "--turns", "2",
                "--think-time", "1ms", "--prefix-tokens", "50", "--question-tokens", "10", "--output-tokens", "3", "--csv", csv);

            Assert.Equal(0, await load.WaitForExitAsync());
            Assert.Contains("10 succeeded, 0 failed", load.Output, StringComparison.Ordinal);
            Assert.Contains(server.Client.BaseAddress.Authority, load.Output, StringComparison.Ordinal);
            var lines = await File.ReadAllLinesAsync(csv);
            Assert.Equal(ResultsCsv.Head, lines[0]);
            Assert.Equal(11, lines.Length);
        }
        finally
        {
            File.Delete(csv);
        }
    }

    [Fact]
    public async Task Load_NobodyListens_FailsAndSaysWhy()
    {
        await using var load = Start("--url", $"http://127.0.0.1:{Loopback.FreePort()}", "--rate", "100", "--requests", "3");

        Assert.Equal(1, await load.WaitForExitAsync());
        Assert.Contains("0 succeeded, 3 failed", load.Output, StringComparison.Ordinal);
        Assert.Contains("refused", load.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("--rate", "0")]
    [InlineData("--rate", "fast")]
    [InlineData("--duration", "10")]
    [InlineData("--url", "nowhere")]
    [InlineData("--turns", "0")]
    public async Task Load_BadOption_IsNamed(string option, string value)
    {
        await using var load = Start(option, value);

        Assert.NotEqual(0, await load.WaitForExitAsync());
        Assert.Contains(value, load.Output, StringComparison.Ordinal);
    }

    private static ChildProcess Start(params string[] arguments) => ChildProcess.StartDotnet(RepositoryPaths.Simulator, ["load", .. arguments]);
}
