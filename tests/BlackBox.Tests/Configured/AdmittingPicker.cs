using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>A picker whose model server has a queue that only its admission plugin minds, and which reports a figure to the gateway.</summary>
public sealed class AdmittingPicker : PickerFixture
{
    private const string Configuration =
        """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
        - type: probabilistic-admitter
        - type: utilization-detector
          parameters: {queueDepthThreshold: 100000, metricsStalenessThreshold: 1h}
        - type: request-attribute-reporter
          parameters:
            attributes:
            - key: {name: cost}
              expression: usage.prompt_tokens + 4 * usage.completion_tokens
        schedulingProfiles:
        - name: default
          plugins: [{pluginRef: queue-scorer}]
        saturationDetector: {pluginRef: utilization-detector}
        """;

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--allow-experimental-plugins", "--config-text", Configuration];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        (await AddPodAsync("main-0", "main", port)).Single().Queued = 10;
        Manifests.Write("objective.yaml", """
            apiVersion: llm-d.ai/v1alpha2
            kind: InferenceObjective
            metadata: {name: batch, namespace: ns}
            spec: {priority: -1, poolRef: {name: main} }

            """);
    }
}
