using System.Collections.Immutable;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Takes names of parameters in any case, as the reference picker's decoder of them does (that of the other sections does not), and tells how they are spelt.</summary>
internal static class ParameterSpelling
{
    /// <summary>The parameters with the names that the record has; the same node where nothing is to be changed.</summary>
    /// <param name="record">Type of the parameters.</param>
    /// <param name="path">How messages name the node.</param>
    public static YamlNode Corrected(Type record, YamlNode node, string path, YamlIssues issues)
    {
        if (node.Kind != YamlNodeKind.Mapping)
        {
            return node;
        }

        var properties = ParameterNames.PropertiesOf(record);
        var corrected = new YamlNode(YamlNodeKind.Mapping, "", node.Line, node.Column);
        var changed = false;
        foreach (var (name, value) in node.Fields)
        {
            var (property, spelt) = properties.FirstOrDefault(property => property.Name.Equals(name.Text, StringComparison.OrdinalIgnoreCase));
            if (property is null || (spelt != name.Text && node.Fields.Exists(field => field.Name.Text == spelt)))
            {
                corrected.Fields.Add((name, value));
                continue;
            }

            if (spelt != name.Text)
            {
                issues.Warning(name, $"{path}.{name.Text} is spelt {spelt}");
            }

            var within = CorrectedWithin(property.PropertyType, value, $"{path}.{spelt}", issues);
            corrected.Fields.Add((spelt == name.Text ? name : new(YamlNodeKind.Text, spelt, name.Line, name.Column), within));
            changed |= spelt != name.Text || within != value;
        }

        return changed ? corrected : node;
    }

    private static YamlNode CorrectedWithin(Type type, YamlNode node, string path, YamlIssues issues)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (!type.IsGenericType)
        {
            return type.IsClass && type != typeof(string) && type != typeof(PluginReference) ? Corrected(type, node, path, issues) : node;
        }

        if (type.GetGenericTypeDefinition() != typeof(ImmutableArray<>))
        {
            return node;
        }

        var corrected = new YamlNode(YamlNodeKind.Sequence, "", node.Line, node.Column);
        corrected.Items.AddRange(node.Items.Select((item, i) => CorrectedWithin(type.GetGenericArguments()[0], item, $"{path}[{i}]", issues)));
        return node.Items.SequenceEqual(corrected.Items) ? node : corrected;
    }
}
