using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>An entry of <c>plugins</c>, as it is written.</summary>
/// <param name="At">Where it is written.</param>
/// <param name="TypeAt">Where its type is.</param>
/// <param name="Parameters">Null for none.</param>
/// <param name="IsImplied">Not written: added because something needs it.</param>
internal sealed record PluginEntry(string Name, string Type, YamlNode At, YamlNode TypeAt, YamlNode? Parameters, bool IsImplied = false);
