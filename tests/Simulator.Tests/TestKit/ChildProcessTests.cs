using Orleans.Inference.TestKit;

namespace Orleans.Inference.Simulator.Tests.TestKit;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task WaitForLine_ProcessEndsWithoutIt_ThrowsWithTheOutput()
    {
        await using var process = ChildProcess.StartDotnet(RepositoryPaths.Simulator, "no-such-command");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => process.WaitForLineAsync("ready"));

        Assert.Contains("no-such-command", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, await process.WaitForExitAsync());
    }

    [Fact]
    public async Task Stop_RunningServer_EndsItCleanly()
    {
        await using var process = ChildProcess.StartDotnet(RepositoryPaths.Simulator, "model-server", "--port", "0");
        await process.WaitForLineAsync("ready");

        Assert.Equal(0, await process.StopAsync());
    }
}
