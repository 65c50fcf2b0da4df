using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>What a configuration says, read and not yet understood: who the names are, the <see cref="ConfigurationBuilder"/> finds out.</summary>
/// <param name="Root">The whole text, for faults without a place of their own.</param>
/// <param name="FlowControlGateAt">Where the feature gate is given; null where it is not.</param>
/// <param name="FlowControlAt">Null where there is no such section.</param>
/// <param name="Parsers">In order; empty for the default.</param>
/// <param name="SaturationDetector">From where it belongs, or from where it was once; null for the default.</param>
internal sealed record ConfigurationDocument(
    YamlNode Root,
    FeatureGates FeatureGates,
    YamlNode? FlowControlGateAt,
    IReadOnlyList<PluginEntry> Plugins,
    IReadOnlyList<ProfileEntry> Profiles,
    YamlNode? FlowControlAt,
    FlowControlSection FlowControl,
    DataLayerSection DataLayer,
    YamlNode? DataLayerAt,
    IReadOnlyList<PluginReference> Parsers,
    PluginReference? SaturationDetector);
