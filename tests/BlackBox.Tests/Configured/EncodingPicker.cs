using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>A picker that has pictures, videos and sounds encoded by servers of their own, each item by the one that had it before, and keeps the sessions that a cookie names on their server. Its spans, of traced requests only, go to its standard output.</summary>
public sealed class EncodingPicker : PickerFixture
{
    private const string Configuration =
        """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: decode-filter
        - type: encode-filter
        - type: mm-embeddings-cache-scorer
        - type: session-id-producer
          parameters: {cookieName: session}
        - type: session-affinity-filter
          parameters:
            strategy: session_id
            sessionIdConfig: {sources: [{attribute: SessionIDDataKey, producer: session-id-producer}]}
        - type: max-score-picker
        - type: always-disagg-multimodal-decider
        - type: disagg-profile-handler
          parameters:
            deciders: {encode: always-disagg-multimodal-decider}
        schedulingProfiles:
        - name: decode
          plugins:
          - pluginRef: decode-filter
          - pluginRef: session-affinity-filter
          - pluginRef: mm-embeddings-cache-scorer
        - name: encode
          plugins:
          - pluginRef: encode-filter
          - pluginRef: mm-embeddings-cache-scorer
        """;

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--allow-experimental-plugins", "--config-text", Configuration];

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string?> Variables =>
        new Dictionary<string, string?> { ["OTEL_TRACES_EXPORTER"] = "console", ["OTEL_TRACES_SAMPLER_ARG"] = "0" };

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        for (var i = 0; i < 4; i++)
        {
            await AddLabelledPodAsync($"decode-{i}", "main", "llm-d.ai/role: decode", port);
            await AddLabelledPodAsync($"encode-{i}", "main", "llm-d.ai/role: encode", port);
        }
    }
}
