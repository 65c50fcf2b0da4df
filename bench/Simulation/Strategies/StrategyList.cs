using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Bench.Simulation.Strategies;

/// <summary>The strategies that are compared. A further one is a line here, or a file given with <c>--config</c>.</summary>
internal static class StrategyList
{
    /// <summary>What the default has to beat.</summary>
    public const string LeastRequests = "least-requests";

    /// <summary>What a picker without configuration does.</summary>
    public const string Default = "default";

    private const string LatencyAware = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: predicted-latency-producer
          parameters:
            streamingMode: true
        - type: latency-scorer

        """;

    private static readonly TimeSpan Staleness = TimeSpan.FromSeconds(2);

    public static readonly IReadOnlyList<StrategyDefinition> All =
    [
        new("random", "any server", (random, _) => new RandomStrategy(random)),
        new("round-robin", "one server after the other", (_, _) => new RoundRobinStrategy()),
        new(LeastRequests, "fewest requests in flight of all servers, counted exactly", (random, servers) => new LeastRequestsStrategy(random, servers)),
        Configured("reference-default", "the reference picker's default: queue 2, KV cache 2, prefix 3", Profile(("queue-scorer", 2), ("kv-cache-utilization-scorer", 2), ("prefix-cache-scorer", 3))),
        Configured(Default, "what a picker without configuration does", DefaultConfiguration.Text),
        Configured(
            "prefix-aware",
            "queue 2, KV cache 2, prefix 3, cold requests to the server that got one longest ago 2",
            Profile(("queue-scorer", 2), ("kv-cache-utilization-scorer", 2), ("prefix-cache-scorer", 3), ("no-hit-lru-scorer", 2))),
        Configured("latency-aware", "the lowest of the predicted latencies, which it learns from the answers as they go by", LatencyAware),
    ];

    /// <summary>A strategy that decides by an <c>EndpointPickerConfig</c>.</summary>
    /// <exception cref="FormatException">The configuration is wrong; the message has all its faults.</exception>
    public static StrategyDefinition Configured(string name, string summary, string configuration)
    {
        _ = Load(name, configuration);
        return new(name, summary, (random, _) => new ConfiguredStrategy(Load(name, configuration), random));
    }

    private static PickerConfiguration Load(string name, string text)
    {
        var options = new ConfigurationLoadOptions { AllowExperimentalPlugins = true, MetricsStaleness = Staleness };
        var outcome = ConfigurationLoader.Load(name, text, PluginRegistry.CreateBuiltIn(), options);
        return outcome.Configuration ?? throw new FormatException(string.Join(Environment.NewLine, outcome.Faults));
    }

    private static string Profile(params (string Type, int Weight)[] scorers)
    {
        var plugins = string.Join('\n', scorers.Select(scorer => $"- type: {scorer.Type}"));
        var slots = string.Join('\n', scorers.Select(scorer => $"  - {{pluginRef: {scorer.Type}, weight: {scorer.Weight}}}"));
        return $"""
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            {plugins}
            schedulingProfiles:
            - name: default
              plugins:
            {slots}

            """;
    }
}
