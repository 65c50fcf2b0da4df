using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Silo.Tests.Hosting;

/// <summary>When the silo, as operators start it, says that it is ready.</summary>
/// <remarks>Times are those of its log, from the list of pools to readiness: how long the process takes to start and how soon the test reads the log do not count.</remarks>
public sealed class ReadinessProcessTests : IDisposable
{
    /// <summary>Well over the two seconds that are waited for a warm view, and under any wait for servers that never answer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    private readonly ManifestFolder _manifests = new();
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);

    public ReadinessProcessTests() => _silent.Start();

    private int SilentPort => ((IPEndPoint)_silent.LocalEndpoint).Port;

    [Fact]
    public async Task Silo_OneOfFivePoolsIsScraped_IsReady()
    {
        await using var server = await StubModelServer.StartAsync();
        _manifests.WritePool("good", [server.Port]);
        _manifests.WritePod("good-0", IPAddress.Loopback, "good");
        _manifests.WritePool("half", [server.Port]);
        _manifests.WritePod("half-0", IPAddress.Loopback, "half");
        _manifests.WritePod("half-1", IPAddress.Parse("127.0.0.9"), "half");
        _manifests.WritePool("dead", [Loopback.FreePort()]);
        _manifests.WritePod("dead-0", IPAddress.Loopback, "dead");
        _manifests.WritePool("silent", [SilentPort]);
        _manifests.WritePod("silent-0", IPAddress.Loopback, "silent");
        _manifests.WritePool("empty", [server.Port]);

        Assert.InRange(await WaitUntilReadyAsync(), TimeSpan.Zero, Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silo_OnlyPodCannotBeScraped_IsReadySoon(bool accepts)
    {
        _manifests.WritePool("p", [accepts ? SilentPort : Loopback.FreePort()]);
        _manifests.WritePod("p-0", IPAddress.Loopback, "p");

        Assert.InRange(await WaitUntilReadyAsync(), TimeSpan.Zero, Limit);
    }

    public void Dispose()
    {
        _silent.Dispose();
        _manifests.Dispose();
    }

    private static DateTime TimeOf(string line) =>
        DateTime.ParseExact(line.AsSpan(0, "yyyy-MM-ddTHH:mm:ss.fff".Length), "yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private async Task<TimeSpan> WaitUntilReadyAsync()
    {
        await using var silo = ChildProcess.StartDotnet(
            RepositoryPaths.Silo,
            "--manifests", _manifests.Path,
            "--grpc-port", "0",
            "--grpc-health-port", "0",
            "--metrics-port", "0",
            "--dashboard-port", "0",
            "--silo-port", $"{Loopback.FreePort()}",
            "--orleans-gateway-port", $"{Loopback.FreePort()}",
            "--secure-serving=false",
            "--drain-timeout", "0");
        var following = TimeOf(await silo.WaitForLineAsync("Following "));
        return TimeOf(await silo.WaitForLineAsync("The gateway is ready")) - following;
    }
}
