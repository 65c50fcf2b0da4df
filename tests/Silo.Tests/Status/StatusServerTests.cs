using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Policies;
using Orleans.Inference.Silo.Status;

namespace Orleans.Inference.Silo.Tests.Status;

public sealed class StatusServerTests : IAsyncLifetime
{
    private readonly PoolRegistry _registry;
    private readonly StatusServer _server;
    private readonly HttpClient _client = new();

    public StatusServerTests()
    {
        _registry = new(new GatewayOptions { PoolName = "p", PoolNamespace = "ns" }, TimeProvider.System);
        _server = new(0, new(_registry, TimeProvider.System), NullLoggerFactory.Instance);
    }

    public async Task InitializeAsync()
    {
        await _server.StartAsync(CancellationToken.None);
        _client.BaseAddress = new($"http://127.0.0.1:{_server.Port}");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Page_IsOneFileThatAsksNobodyElse()
    {
        using var answer = await _client.GetAsync("/");
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.Contains("fetch('/api/pools'", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pools_BeforeAnythingIsKnown_AreUnknownAndNotReady()
    {
        using var report = await GetPoolsAsync();

        Assert.False(report.RootElement.GetProperty("ready").GetBoolean());
        var pool = Assert.Single(report.RootElement.GetProperty("pools").EnumerateArray());
        Assert.Equal("ns/p", pool.GetProperty("pool").GetString());
        Assert.False(pool.GetProperty("known").GetBoolean());
        Assert.Equal(0, pool.GetProperty("servers").GetArrayLength());
    }

    [Fact]
    public async Task Pools_WithAView_ShowItsFigures()
    {
        var state = _registry.Find("ns/p")!;
        state.Spec = new() { Namespace = "ns", Name = "p", TargetPorts = [8000, 8001], EndpointPicker = new("epp", 9002) };
        state.View = View(TimeProvider.System.GetMilliseconds());

        using var report = await GetPoolsAsync();

        var pool = Assert.Single(report.RootElement.GetProperty("pools").EnumerateArray());
        Assert.True(pool.GetProperty("known").GetBoolean());
        Assert.True(pool.GetProperty("warm").GetBoolean());
        Assert.Equal(7, pool.GetProperty("version").GetInt64());
        Assert.Equal("epp:9002", pool.GetProperty("picker").GetString());
        Assert.Equal("[8000,8001]", pool.GetProperty("targetPorts").GetRawText());
        var servers = pool.GetProperty("servers").EnumerateArray().ToArray();
        Assert.Equal("ns/a-rank-0", servers[0].GetProperty("id").GetString());
        Assert.Equal("10.0.0.1:8000", servers[0].GetProperty("address").GetString());
        Assert.Equal(3, servers[0].GetProperty("queued").GetInt32());
        Assert.Equal(5, servers[0].GetProperty("running").GetInt32());
        Assert.Equal(0.25, servers[0].GetProperty("kvUsage").GetDouble());
        Assert.InRange(servers[0].GetProperty("ageMs").GetInt64(), 0, 60_000);
        Assert.Equal("[\"sql\"]", servers[0].GetProperty("loraActive").GetRawText());
        Assert.Equal("[\"chat\"]", servers[0].GetProperty("loraWaiting").GetRawText());
        Assert.Equal(1000, servers[0].GetProperty("kvBlocks").GetInt32());
        Assert.Equal(JsonValueKind.Null, servers[1].GetProperty("ageMs").ValueKind);
    }

    [Fact]
    public async Task Pools_WithPolicies_ShowThem()
    {
        _registry.Find("ns/p")!.Policies = new(
            [new("chat", 5), new("batch", -1)],
            [new("code", 100)],
            [new("rollout", ["llama"], [new("llama-v1", 90), new("llama-v2", null)]), new("rest", [], [new("base", null)])]);

        using var report = await GetPoolsAsync();

        Assert.Equal(
            """
            {"objectives":{"batch":-1,"chat":5},"models":{"code":100},"rewrites":[
            {"name":"rollout","models":["llama"],"targets":[{"model":"llama-v1","weight":90},{"model":"llama-v2","weight":null}]},
            {"name":"rest","models":[],"targets":[{"model":"base","weight":null}]}]}
            """.ReplaceLineEndings(""),
            report.RootElement.GetProperty("pools")[0].GetProperty("policies").GetRawText());
    }

    [Fact]
    public async Task OtherPaths_AreNotFound()
    {
        using var answer = await _client.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static PoolView View(long now) => new(
        "ns/p",
        7,
        [Server("a", "10.0.0.1"), Server("b", "10.0.0.2")],
        new([3, 0], [5, 0], [0.25, 0], [now, PoolView.NeverSampled]),
        [new(["sql"], ["chat"], 4), LoraState.None],
        [new(16, 1000), default]);

    private static ModelServer Server(string pod, string ip) => new($"ns/{pod}-rank-0", $"{ip}:8000", FrozenDictionary<string, string>.Empty);

    private async Task<JsonDocument> GetPoolsAsync()
    {
        using var answer = await _client.GetAsync("/api/pools");
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
    }
}
