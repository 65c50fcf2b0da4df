using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Configured;

/// <summary>A picker whose only filter is that of the conformance tests, and whose first parser takes every path.</summary>
public sealed class FilteredPicker : PickerFixture
{
    private const string Configuration =
        """
        apiVersion: inference.networking.x-k8s.io/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: header-based-testing-filter
        - name: picker
          type: max-score-picker
          parameters: {maxNumOfEndpoints: 9}
        - name: all
          type: passthrough-parser
        - type: openai-parser
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: header-based-testing-filter
          - pluginRef: picker
        requestHandler:
          parsers: [{pluginRef: all}, {pluginRef: openai-parser}]
        """;

    /// <summary>Addresses of the model servers, two ports each of three pods.</summary>
    public IReadOnlyList<string> Servers { get; private set; } = [];

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--allow-experimental-plugins", "--config-text", Configuration];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var (first, second) = (Loopback.FreePort(), Loopback.FreePort());
        WritePool("main", Service, first, second);
        var servers = new List<StubModelServer>();
        for (var i = 0; i < 3; i++)
        {
            servers.AddRange(await AddPodAsync($"main-{i}", "main", first, second));
        }

        Servers = [.. servers.Select(server => server.Address)];
    }
}
