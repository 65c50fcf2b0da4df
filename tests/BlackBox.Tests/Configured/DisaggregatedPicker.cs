using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>A picker that has prompts of which the decode server lacks 512 tokens processed by another server, and keeps sessions on their decode server.</summary>
public sealed class DisaggregatedPicker : PickerFixture
{
    private const string Configuration =
        """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: decode-filter
        - type: prefill-filter
        - type: session-affinity-filter
        - type: queue-scorer
        - type: max-score-picker
        - type: prefix-based-pd-decider
          parameters: {nonCachedTokens: 512}
        - name: split
          type: disagg-profile-handler
          parameters:
            deciders: {prefill: prefix-based-pd-decider}
        schedulingProfiles:
        - name: decode
          plugins:
          - pluginRef: decode-filter
          - pluginRef: session-affinity-filter
          - pluginRef: queue-scorer
        - name: prefill
          plugins:
          - pluginRef: prefill-filter
          - pluginRef: queue-scorer
        """;

    /// <summary>Addresses of the servers that decode; the second has a queue of 90.</summary>
    public IReadOnlyList<string> Decoders { get; private set; } = [];

    /// <summary>Addresses of the servers that process prompts; the first has a queue of 90.</summary>
    public IReadOnlyList<string> Prefillers { get; private set; } = [];

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--allow-experimental-plugins", "--config-text", Configuration];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        Decoders = [await AddAsync("decode-0", "decode", port, 0), await AddAsync("decode-1", "decode", port, 90)];
        Prefillers = [await AddAsync("prefill-0", "prefill", port, 90), await AddAsync("prefill-1", "prefill", port, 0)];
    }

    private async Task<string> AddAsync(string pod, string role, int port, int queued)
    {
        var server = (await AddLabelledPodAsync(pod, "main", $"llm-d.ai/role: {role}", port)).Single();
        server.Queued = queued;
        return server.Address;
    }
}
