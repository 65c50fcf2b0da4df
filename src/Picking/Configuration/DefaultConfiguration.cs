namespace Orleans.Inference.Picking.Configuration;

/// <summary>The configuration of a picker that was given none.</summary>
public static class DefaultConfiguration
{
    /// <summary>How messages name it.</summary>
    public const string Source = "default configuration";

    /// <summary>
    /// Weights of the reference picker's default profile for queue, KV cache and prefix cache. One LoRA adapter already loaded outweighs half of the queue's range: loading one takes seconds, a place in
    /// the queue less. <c>fresh-filter</c> is ours: a server whose figures are old is left out while others have fresh ones.
    /// </summary>
    public const string Text = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: fresh-filter
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: prefix-cache-scorer
        - type: lora-affinity-scorer
        - type: max-score-picker
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: fresh-filter
          - {pluginRef: queue-scorer, weight: 2}
          - {pluginRef: kv-cache-utilization-scorer, weight: 2}
          - {pluginRef: prefix-cache-scorer, weight: 3}
          - {pluginRef: lora-affinity-scorer, weight: 1}
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
