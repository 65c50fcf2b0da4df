using System.Collections.Frozen;
using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Silo.Tests.Configuration;

/// <summary>The worked example of docs/plugins.md, as the process loads it.</summary>
public sealed class ThirdPartyPluginTests
{
    private const string Text = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: zone-scorer
          parameters: {zone: eu-1, otherZones: 0}
        - type: queue-scorer
        schedulingProfiles:
        - name: default
          plugins:
          - {pluginRef: zone-scorer, weight: 3}
          - {pluginRef: queue-scorer, weight: 1}

        """;

    /// <summary>Beside this test's own folder: <c>artifacts/VARIANT/bin/ThirdPartyPlugin/CONFIGURATION</c>.</summary>
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "..", "..", "ThirdPartyPlugin", new DirectoryInfo(AppContext.BaseDirectory).Name, "ThirdPartyPlugin.dll");

    [Fact]
    public void LoadFirst_ThirdPartyPlugin_Decides()
    {
        var options = new GatewayOptions { PluginAssemblies = [Assembly], ConfigText = Text };

        var outcome = ConfigurationSource.LoadFirst(options, TimeProvider.System);

        Assert.Empty(outcome.Faults);
        var view = ViewOf(("us-1", 0), ("eu-1", 5), ("eu-1", 3), ("us-1", 0));
        var context = new PickContext(view, new InferenceRequest(), 0, new Random(1));
        Assert.Equal(PickOutcome.Picked, options.Configuration!.Scheduler.Pick(context, [0, 1, 2, 3], new PickScratch(), out var picks));
        Assert.Equal([2], picks.ToArray());
    }

    [Fact]
    public void LoadFirst_ItsFaultyParameters_AreToldWithTheirPlace()
    {
        var options = new GatewayOptions { PluginAssemblies = [Assembly], ConfigText = Text.Replace("zone: eu-1, otherZones: 0", "otherZones: 7, color: red", StringComparison.Ordinal) };

        Assert.Equal(
            [
                "--config-text:5:15: parameters.zone is missing",
                "--config-text:5:28: parameters.otherZones must be 0 to 1, not the number 7",
                "--config-text:5:31: unknown field parameters.color",
            ],
            ConfigurationSource.LoadFirst(options, TimeProvider.System).Faults);
    }

    [Theory]
    [InlineData("nowhere.dll", "can't be loaded")]
    [InlineData("Orleans.Inference.TestKit.dll", "has no public IPluginModule")]
    public void LoadFirst_AssemblyWithoutPlugins_IsAFault(string file, string why)
    {
        var path = Path.Combine(AppContext.BaseDirectory, file);

        var fault = Assert.Single(ConfigurationSource.LoadFirst(new GatewayOptions { PluginAssemblies = [path] }, TimeProvider.System).Faults);
        Assert.StartsWith($"--plugin-assembly: {path}", fault, StringComparison.Ordinal);
        Assert.Contains(why, fault, StringComparison.Ordinal);
    }

    private static PoolView ViewOf(params (string Zone, int Queued)[] servers) => new(
        "default/pool",
        1,
        [
            .. servers.Select((server, i) => new ModelServer(
                $"default/pod{i}-rank-0", $"10.0.0.{i}:8000", new Dictionary<string, string> { ["topology.kubernetes.io/zone"] = server.Zone }.ToFrozenDictionary())),
        ],
        new LoadColumns([.. servers.Select(server => server.Queued)], new int[servers.Length], new double[servers.Length], new long[servers.Length]),
        [.. servers.Select(_ => LoraState.None)],
        new CacheConfig[servers.Length]);
}
