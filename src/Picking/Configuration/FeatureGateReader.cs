using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Reads <c>featureGates</c>: <c>name</c>, <c>name=true</c>, <c>name=false</c>.</summary>
internal static class FeatureGateReader
{
    public static FeatureGates Read(IEnumerable<YamlNode> entries, YamlIssues issues)
    {
        var gates = new FeatureGates();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (FieldReader.TextOf(entry, "featureGates", issues) is not { } text)
            {
                continue;
            }

            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? text : text[..equals];
            if (Parse(equals < 0 ? "true" : text[(equals + 1)..]) is not { } on)
            {
                issues.Error(entry, $"feature gate '{name}' must be true or false, not \"{text[(equals + 1)..]}\"");
            }
            else
            {
                if (!seen.Add(name))
                {
                    issues.Warning(entry, $"feature gate '{name}' is given twice; the last one counts");
                }

                gates = Set(gates, name, on, entry, issues);
            }
        }

        return gates;
    }

    private static FeatureGates Set(FeatureGates gates, string name, bool on, YamlNode at, YamlIssues issues)
    {
        switch (name)
        {
            case "flowControl":
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

    /// <summary>As Go reads truth values.</summary>
    private static bool? Parse(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };
}
