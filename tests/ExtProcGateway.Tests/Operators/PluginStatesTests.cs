using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Operators;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Operators;

public sealed class PluginStatesTests
{
    [Fact]
    public void Write_PluginsThatFail_LeaveThePageWhole()
    {
        var registry = GatewayPlugins.CreateRegistry();
        Add(registry, "bad", () => throw new InvalidOperationException("not today"));
        Add(registry, "good", () => new JsonObject { ["things"] = 3 });
        Add(registry, "none", () => null);
        Add(registry, "number", () => new JsonArray(double.NaN));
        var configuration = ConfigurationLoader.Load(
            "test",
            "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\nplugins: [{type: bad}, {type: number}, {type: good}, {type: none}, {type: queue-scorer}]\n",
            registry,
            new ConfigurationLoadOptions()).Configuration!;
        var options = new GatewayOptions();
        var time = new ManualTimeProvider();
        var factory = new ServingConfigurationFactory(options, new ModelNames(), NullLogger<RequestRoutes>.Instance);
        var states = new PluginStates(new ActiveConfiguration(factory.Create(configuration)), new PoolRegistry(options, time), time);

        var plugins = JsonNode.Parse(Encoding.UTF8.GetString(states.Write().Span))!["plugins"]!;

        Assert.Equal("the state can't be collected: not today", (string?)plugins["bad"]!["message"]);
        Assert.StartsWith("the state can't be collected: ", (string?)plugins["number"]!["message"], StringComparison.Ordinal);
        Assert.Equal("plugin does not support state collection", (string?)plugins["none"]!["message"]);
        Assert.Equal(3, (int?)plugins["good"]!["state"]!["things"]);
        Assert.Null(plugins["good"]!["message"]);
    }

    private static void Add(PluginRegistry registry, string type, Func<JsonNode?> report) =>
        registry.Add(PluginDefinition.Of(type, _ => new Reporter(report)) with { Roles = PluginRoles.RequestControl, Summary = "Tells a state." });

    private sealed class Reporter(Func<JsonNode?> report) : IStateReporter
    {
        public JsonNode? ReportState() => report();
    }
}
