using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Silo.Tests.Hosting;

/// <summary>The silo as operators start it: a process with manifests, beside a simulated model server.</summary>
public sealed class SiloProcessTests : IDisposable
{
    private readonly ManifestFolder _manifests = new();
    private readonly HttpClient _client = new();
    private readonly int _statusPort = Loopback.FreePort();
    private readonly int _metricsPort = Loopback.FreePort();

    [Fact]
    public async Task Silo_WithManifests_ShowsScrapedFiguresFollowsChangesAndStopsOnSigterm()
    {
        var serverPort = Loopback.FreePort();
        await using var server = ChildProcess.StartDotnet(RepositoryPaths.Simulator, "model-server", "--port", $"{serverPort}");
        await server.WaitForPortAsync(serverPort);
        _manifests.WritePool("sim", [serverPort]);
        _manifests.WritePod("one", IPAddress.Loopback, "sim");
        await using var silo = StartSilo();

        await Bounds.UntilAsync(async () => await ServersAsync() is [{ } only] && Id(only) == "default/one-rank-0" && IsSampled(only), "the model server's figures on the status page");

        // Nothing answers there: the server is shown without figures.
        _manifests.WritePod("two", IPAddress.Parse("127.0.0.9"), "sim");
        await Bounds.UntilAsync(async () => (await ServersAsync()).Select(Id).Order(StringComparer.Ordinal).SequenceEqual(["default/one-rank-0", "default/two-rank-0"]), "the second model server");
        _manifests.DeletePod("one");
        await Bounds.UntilAsync(async () => await ServersAsync() is [{ } only] && Id(only) == "default/two-rank-0" && !IsSampled(only), "the first model server gone");

        _manifests.Write("broken.yaml", "kind: InferencePool\nspec: [\n");
        await silo.WaitForLineAsync("broken.yaml:");
        Assert.Single(await ServersAsync());

        var metrics = await _client.GetStringAsync($"http://127.0.0.1:{_metricsPort}/metrics");
        Assert.Contains("orleans_inference_grains", metrics, StringComparison.Ordinal);
        Assert.Contains("process_cpu_seconds_total", metrics, StringComparison.Ordinal);

        Assert.Equal(0, await silo.StopAsync());
        Assert.Contains("The silo has stopped", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("crit:", silo.Output, StringComparison.Ordinal);
        var stop = silo.Output[silo.Output.IndexOf("The gateway is not ready", StringComparison.Ordinal)..];
        Assert.DoesNotContain("fail:", stop, StringComparison.Ordinal);
        Assert.DoesNotContain("warn:", stop, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_Start_RaisesNoFalseAlarm()
    {
        _manifests.WritePool("empty", [8000]);
        await using var silo = StartSilo();

        await silo.WaitForLineAsync("The gateway is ready");

        Assert.DoesNotContain("Watchdog", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" fail: ", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_PoliciesInManifests_ReachTheGatewayAndFollowChanges()
    {
        _manifests.WritePool("sim", [8000]);
        _manifests.Write("policies.yaml", Policies(priority: 5, weight: 90));
        await using var silo = StartSilo();

        await Bounds.UntilAsync(async () => await PoliciesAsync() == Expected(5, 90), "the policies at the gateway");

        _manifests.Write("policies.yaml", Policies(priority: -5, weight: 50));
        await Bounds.UntilAsync(async () => await PoliciesAsync() == Expected(-5, 50), "the change at the gateway");

        _manifests.Write("policies.yaml", Policies(priority: 7, weight: 1_000_001));
        await silo.WaitForLineAsync("policies.yaml:13:48: spec.rules[].targets[].weight must be a whole number (0 to 1000000), not the number 1000001");
        Assert.Equal(Expected(-5, 50), await PoliciesAsync());

        _manifests.Write("policies.yaml", "");
        await Bounds.UntilAsync(async () => await PoliciesAsync() == """{"objectives":{},"models":{},"rewrites":[]}""", "no policies any more");

        static string Policies(int priority, int weight) => $$"""
            apiVersion: llm-d.ai/v1alpha2
            kind: InferenceObjective
            metadata: {name: chat}
            spec: {priority: {{priority}}, poolRef: {name: sim} }
            ---
            apiVersion: llm-d.ai/v1alpha2
            kind: InferenceModelRewrite
            metadata: {name: rollout}
            spec:
              poolRef: {name: sim}
              rules:
              - matches: [{model: {value: llama} }]
                targets: [{modelRewrite: llama-v1, weight: {{weight}} }, {modelRewrite: llama-v2, weight: 10}]
            ---
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferenceModel
            metadata: {name: code}
            spec: {modelName: code, criticality: Sheddable, poolRef: {name: sim} }

            """;

        static string Expected(int priority, int weight) =>
            $$$"""{"objectives":{"chat":{{{priority}}}},"models":{"code":-100},"rewrites":[{"name":"rollout","models":["llama"],"targets":[{"model":"llama-v1","weight":{{{weight}}}},{"model":"llama-v2","weight":10}]}]}""";
    }

    [Theory]
    [InlineData("--model-server-metrics-port", "--model-server-metrics-path")]
    [InlineData("-modelServerMetricsPort", "-modelServerMetricsPath")]
    public async Task Silo_MetricsOnAPortAndPathOfTheirOwn_AreScrapedThere(string port, string path)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var server = builder.Build();
        server.MapGet("/prom", () => "# TYPE vllm:num_requests_waiting gauge\nvllm:num_requests_waiting 7\n# TYPE vllm:num_requests_running gauge\nvllm:num_requests_running 3\n");
        await server.StartAsync();

        // Nothing serves at the model's own port.
        _manifests.WritePool("sim", [Loopback.FreePort()]);
        _manifests.WritePod("one", IPAddress.Loopback, "sim");
        await using var silo = StartSilo(port, $"{new Uri(server.Urls.Single()).Port}", $"{path}=/prom");

        await Bounds.UntilAsync(async () => await ServersAsync() is [{ } only] && only.GetProperty("queued").GetInt32() == 7, "the figures of the other port");
    }

    [Fact]
    public async Task Silo_WithFaultyFlags_ListsThemAllAndRefusesToStart()
    {
        await using var silo = ChildProcess.StartDotnet(RepositoryPaths.Silo, "--grpc-port=70000", "--clustering=redis", "--what", "--lora-info-metric", "vllm:lora_requests_info");

        Assert.Equal(2, await silo.WaitForExitAsync());
        Assert.Contains("The silo does not start:", silo.Output, StringComparison.Ordinal);
        Assert.Contains("--what is no flag", silo.Output, StringComparison.Ordinal);
        Assert.Contains("--grpc-port: \"70000\" is no port", silo.Output, StringComparison.Ordinal);
        Assert.Contains("--clustering: redis is not available", silo.Output, StringComparison.Ordinal);
        Assert.Contains("flag \"lora-info-metric\" is deprecated and cannot be used; configure metrics via engineConfigs", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WithATakenPort_SaysWhichFlagToChange()
    {
        using var taken = new TcpListener(IPAddress.Loopback, _metricsPort);
        taken.Start();
        await using var silo = StartSilo();

        Assert.Equal(2, await silo.WaitForExitAsync());
        Assert.Contains($"--metrics-port: port {_metricsPort} is taken", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_Help_IsPrinted()
    {
        await using var silo = ChildProcess.StartDotnet(RepositoryPaths.Silo, "--help");

        Assert.Equal(0, await silo.WaitForExitAsync());
        Assert.Contains("--refresh-metrics-interval", silo.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _client.Dispose();
        _manifests.Dispose();
    }

    private static string? Id(JsonElement server) => server.GetProperty("id").GetString();

    private static bool IsSampled(JsonElement server) => server.GetProperty("ageMs").ValueKind == JsonValueKind.Number;

    private ChildProcess StartSilo(params string[] flags) => ChildProcess.StartDotnet(
        RepositoryPaths.Silo,
        [
            "--manifests", _manifests.Path,
            "--grpc-port", "0",
            "--grpc-health-port", "0",
            "--metrics-port", $"{_metricsPort}",
            "--dashboard-port", $"{_statusPort}",
            "--silo-port", $"{Loopback.FreePort()}",
            "--orleans-gateway-port", $"{Loopback.FreePort()}",
            "--secure-serving=false",
            "--drain-timeout", "1s",
            .. flags,
        ]);

    /// <summary>The policies of the one pool on the status page; null before there is a page and a pool.</summary>
    private async Task<string?> PoliciesAsync()
    {
        try
        {
            using var report = JsonDocument.Parse(await _client.GetStringAsync($"http://127.0.0.1:{_statusPort}/api/pools"));
            return report.RootElement.GetProperty("pools").EnumerateArray().Select(pool => pool.GetProperty("policies").GetRawText()).SingleOrDefault();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The model servers on the status page; none before there is a page and a pool.</summary>
    private async Task<JsonElement[]> ServersAsync()
    {
        try
        {
            using var report = JsonDocument.Parse(await _client.GetStringAsync($"http://127.0.0.1:{_statusPort}/api/pools"));
            return [.. report.RootElement.GetProperty("pools").EnumerateArray().SelectMany(pool => pool.GetProperty("servers").EnumerateArray()).Select(server => server.Clone())];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }
}
