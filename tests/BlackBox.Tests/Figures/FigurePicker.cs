using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Figures;

/// <summary>A picker that sends requests where their header says, and looks for their prompts.</summary>
public sealed class FigurePicker : PickerFixture
{
    private const string Configuration =
        """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: header-based-testing-filter
        - name: cached
          type: approx-prefix-cache-producer
        - type: prefix-cache-scorer
        - type: max-score-picker
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: header-based-testing-filter
          - pluginRef: prefix-cache-scorer
        """;

    /// <summary>Addresses of <c>stays-0</c>, and of <c>leaves-0</c>, which a test may delete.</summary>
    public IReadOnlyList<string> Servers { get; private set; } = [];

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--config-text", Configuration];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        var port = Loopback.FreePort();
        WritePool("main", Service, port);
        Servers = [(await AddPodAsync("stays-0", "main", port)).Single().Address, (await AddPodAsync("leaves-0", "main", port)).Single().Address];
    }
}
