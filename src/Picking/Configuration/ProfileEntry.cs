using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>An entry of <c>schedulingProfiles</c>.</summary>
/// <param name="At">Where it is written.</param>
internal sealed record ProfileEntry(string Name, YamlNode At, IReadOnlyList<ProfilePluginEntry> Plugins);
