using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Reads <c>featureGates</c>: <c>name</c>, <c>name=true</c>, <c>name=false</c>.</summary>
/// <remarks>
/// As the reference picker splits them: what follows a second <c>=</c> is not looked at; a value has any case and blanks around it, a name has not.
/// </remarks>
internal static class FeatureGateReader
{
    private const string FlowControl = "flowControl";

    /// <param name="flowControlAt">Where the gate <c>flowControl</c> was given last; null where it was not.</param>
    public static FeatureGates Read(IEnumerable<YamlNode> entries, YamlIssues issues, out YamlNode? flowControlAt)
    {
        var gates = new FeatureGates();
        flowControlAt = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (FieldReader.TextOf(entry, "featureGates", issues) is not { } text)
            {
                continue;
            }

            var parts = text.Split('=');
            var name = parts[0];
            if (Parse(parts.Length == 1 ? "true" : parts[1]) is not { } on)
            {
                issues.Error(entry, $"feature gate '{name}' must be true or false, not \"{parts[1]}\"");
            }
            else
            {
                if (!seen.Add(name))
                {
                    issues.Warning(entry, $"feature gate '{name}' is given twice; the last one counts");
                }

                gates = Set(gates, name, on, entry, issues);
                flowControlAt = name == FlowControl ? entry : flowControlAt;
            }
        }

        return gates;
    }

    private static FeatureGates Set(FeatureGates gates, string name, bool on, YamlNode at, YamlIssues issues)
    {
        switch (name)
        {
            case FlowControl:
                return gates with { FlowControl = on };
            case "haPopulateNonLeaderDatastore":
                if (!on)
                {
                    issues.Warning(at, "feature gate 'haPopulateNonLeaderDatastore' has no effect: every replica serves, and holds the state of its pools");
                }

                return gates;
            case "dataLayer":
                issues.Warning(at, "feature gate 'dataLayer' is deprecated and has no effect: the data layer is always on");
                return gates;
            case "enableLegacyMetrics":
                issues.Warning(at, "feature gate 'enableLegacyMetrics' has no effect");
                return gates;
            default:
                issues.Error(at, $"feature gate '{name}' is unknown or unregistered");
                return gates;
        }
    }

    /// <summary>As Go reads truth values, in any case and with blanks around them.</summary>
    private static bool? Parse(string text) => text.Trim().ToUpperInvariant() switch
    {
        "1" or "T" or "TRUE" => true,
        "0" or "F" or "FALSE" => false,
        _ => null,
    };
}
