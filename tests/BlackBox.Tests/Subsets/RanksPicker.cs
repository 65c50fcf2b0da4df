using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Subsets;

/// <summary>A picker of two pods of two ports each that names all candidates as destinations.</summary>
public sealed class RanksPicker : PickerFixture
{
    private const string Configuration =
        """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
        - type: max-score-picker
          parameters: {maxNumOfEndpoints: 9}
        """;

    /// <summary>Addresses: both ports of the first pod, then both of the second.</summary>
    public IReadOnlyList<string> Servers { get; private set; } = [];

    /// <inheritdoc/>
    protected override IEnumerable<string> Flags => ["--config-text", Configuration];

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        // In order, as text and as numbers.
        var (first, second) = (Loopback.FreePort(), Loopback.FreePort());
        WritePool("main", Service, first, second);
        var one = await AddPodAsync("main-0", "main", first, second);
        var other = await AddPodAsync("main-1", "main", first, second);
        Servers = [.. one.Concat(other).Select(server => server.Address)];
    }
}
