using System.Collections.Immutable;

namespace Orleans.Inference.Picking.Configuration;

/// <summary><c>dataLayer</c> of a configuration.</summary>
internal sealed record DataLayerSection
{
    /// <summary>Scrape the model servers' metrics where no source is named.</summary>
    public bool InjectDefaults { get; init; } = true;

    public ImmutableArray<DataSourceSection> Sources { get; init; } = [];

    public SlotSection? Discovery { get; init; }

    public SlotSection? PeerDiscovery { get; init; }

    public PluginReference? CrossReplicaSyncerPluginRef { get; init; }

    public TimeSpan? CrossReplicaSyncInterval { get; init; }
}
