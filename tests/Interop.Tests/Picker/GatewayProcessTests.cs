using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Grpc.Core;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Picker;

/// <summary>The ext_proc front-end as a process of its own, beside a silo that has none.</summary>
public sealed class GatewayProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interop-gateway-").FullName;
    private readonly int[] _ports = [.. Enumerable.Range(0, 7).Select(_ => Loopback.FreePort())];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ProcessClusterFact(possible: true)]
    public async Task Gateway_AsAProcessOfItsOwn_PicksFromTheSilosView()
    {
        await using var server = ChildProcess.StartDotnet(RepositoryPaths.Simulator, "model-server", "--port", Port(6));
        await server.WaitForPortAsync(_ports[6]);
        await File.WriteAllTextAsync(Path.Combine(_folder, "pools.yaml"), PickerManifests.Write([_ports[6]]));
        await using var silo = ChildProcess.StartDotnet(
            RepositoryPaths.Silo,
            "--manifests", _folder, "--gateway=false", "--silo-port", Port(0), "--orleans-gateway-port", Port(1), "--metrics-port", Port(2), "--dashboard-port", "0");
        await silo.WaitForPortAsync(_ports[1]);
        await using var gateway = StartGateway();

        using var client = new ExtProcClient($"http://127.0.0.1:{_ports[3]}", PickerManifests.PlainAuthority);
        await Bounds.UntilAsync(() => PicksAsync(client, gateway), "the gateway picks");

        await AssertMetricsAreGuardedAsync();
        Assert.Equal(0, await gateway.StopAsync());
        Assert.Contains("The gateway has stopped", gateway.Output, StringComparison.Ordinal);
        Assert.Equal(0, await silo.StopAsync());
    }

    [ProcessClusterFact(possible: false)]
    public async Task Gateway_OnTheStandIn_NamesTheOfficialPackages()
    {
        await using var gateway = StartGateway();

        Assert.Equal(1, await gateway.WaitForExitAsync());
        Assert.Contains("The gateway could not start: ", gateway.Output, StringComparison.Ordinal);
        Assert.Contains("official", gateway.Output, StringComparison.OrdinalIgnoreCase);
    }

    private ChildProcess StartGateway() => ChildProcess.StartDotnet(
        RepositoryPaths.Gateway,
        "--orleans-gateway-port", Port(1), "--grpc-port", Port(3), "--grpc-health-port", Port(4), "--metrics-port", Port(5), "--secure-serving=false", "--drain-timeout", "1s");

    private async Task<bool> PicksAsync(ExtProcClient client, ChildProcess gateway)
    {
        try
        {
            using var exchange = client.Open();
            await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers("/v1/models", "GET"), endOfStream: true);
            var answer = await exchange.ReadAsync();
            return answer.RequestHeaders?.Response.HeaderMutation.SetHeaders
                .Any(h => h.Header.Key == "x-gateway-destination-endpoint" && Encoding.UTF8.GetString(h.Header.RawValue.Span) == $"127.0.0.1:{_ports[6]}") == true;
        }
        catch (RpcException) when (!gateway.HasExited)
        {
            return false; // it does not listen yet
        }
    }

    /// <summary>It has no manifests and no API server: nobody can be let through.</summary>
    private async Task AssertMetricsAreGuardedAsync()
    {
        using var client = new HttpClient { Timeout = Bounds.Wait };
        var address = new Uri($"http://127.0.0.1:{_ports[5]}/metrics");
        using var without = await client.GetAsync(address);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "any");
        using var with = await client.GetAsync(address);
        Assert.Equal(HttpStatusCode.Forbidden, with.StatusCode);
        Assert.Contains("no Kubernetes API server", await with.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private string Port(int index) => _ports[index].ToString(CultureInfo.InvariantCulture);
}
