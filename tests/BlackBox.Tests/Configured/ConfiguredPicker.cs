using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>A picker with parsers that are not on by default, none of which takes every path, and up to three destinations for a request.</summary>
public sealed class ConfiguredPicker : PickerFixture
{
    private const string Configuration =
        """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
        - type: max-score-picker
          parameters: {maxNumOfEndpoints: 3}
        - type: openai-parser
        - type: sglanghttp-parser
        - type: vllmgrpc-parser
        - type: vertexai-parser
        - type: destination-endpoint-served-verifier
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: queue-scorer
          - pluginRef: max-score-picker
        requestHandler:
          parsers:
          - pluginRef: openai-parser
          - pluginRef: sglanghttp-parser
          - pluginRef: vllmgrpc-parser
          - pluginRef: vertexai-parser
        """;

    /// <summary>Addresses of the four model servers; the last has a queue.</summary>
    public IReadOnlyList<string> Servers { get; private set; } = [];

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--allow-experimental-plugins", "--config-text", Configuration];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        var servers = new List<StubModelServer>();
        for (var i = 0; i < 4; i++)
        {
            servers.AddRange(await AddPodAsync($"main-{i}", "main", port));
        }

        servers[3].Queued = 9;
        Servers = [.. servers.Select(server => server.Address)];
    }
}
