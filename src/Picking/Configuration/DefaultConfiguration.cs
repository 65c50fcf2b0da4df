namespace Orleans.Inference.Picking.Configuration;

/// <summary>The configuration of a picker that was given none.</summary>
public static class DefaultConfiguration
{
    /// <summary>How messages name it.</summary>
    public const string Source = "default configuration";

    /// <summary>
    /// Weights of the reference picker's default profile for queue, KV cache and prefix; the rest is ours, each against a workload on which those three lose to least requests
    /// (bench/results/simulation.md). <c>token-load-scorer</c> sees prompts that are not computed yet, which KV usage shows when they are; <c>active-request-scorer</c> evens out what
    /// is left. <c>lora-affinity-scorer</c> outweighs a short queue elsewhere where all slots of a server are taken by other adapters: a request waits there until one of them
    /// has no request left, which under load is as good as never. With more weight, requests for the base model would be kept off such servers too. <c>fresh-filter</c> leaves out a server
    /// whose figures are old while others have fresh ones.
    /// </summary>
    public const string Text = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: fresh-filter
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: prefix-cache-scorer
        - type: token-load-scorer
          parameters:
            queueThresholdTokens: 65536
        - type: active-request-scorer
        - type: lora-affinity-scorer
        - type: max-score-picker
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: fresh-filter
          - {pluginRef: queue-scorer, weight: 2}
          - {pluginRef: kv-cache-utilization-scorer, weight: 2}
          - {pluginRef: prefix-cache-scorer, weight: 3}
          - {pluginRef: token-load-scorer, weight: 2}
          - {pluginRef: active-request-scorer, weight: 1}
          - {pluginRef: lora-affinity-scorer, weight: 4}
          - pluginRef: max-score-picker

        """;

    /// <summary>The default, loaded.</summary>
    /// <exception cref="InvalidOperationException">The registry lacks a plugin of it.</exception>
    public static PickerConfiguration Load(PluginRegistry registry, ConfigurationLoadOptions options)
    {
        var outcome = ConfigurationLoader.Load(Source, Text, registry, options);
        return outcome.Configuration ?? throw new InvalidOperationException(string.Join(Environment.NewLine, outcome.Faults));
    }
}
