using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Orleans.Inference.Picking.Configuration.Values;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Reads a mapping into a record, strictly: see <see cref="PluginDefinition.Of{TPlugin, TParameters}"/> for what it takes.</summary>
/// <remarks>Every fault is told, with its place; what is faulty keeps its default. References to other plugins are collected.</remarks>
internal sealed class ParameterBinder(YamlIssues issues, List<PluginReference> references)
{
    /// <summary>Reads a record.</summary>
    /// <param name="node">Null leaves all defaults.</param>
    /// <param name="owner">Where a missing value is told of.</param>
    /// <param name="path">How messages name the record; empty for one at the top.</param>
    public object Bind(Type type, YamlNode? node, YamlNode owner, string path)
    {
        var record = Activator.CreateInstance(type)!;
        if (node is not null && node.Kind is not (YamlNodeKind.Mapping or YamlNodeKind.Null))
        {
            issues.Error(node, $"{path} must be a mapping, not {node.Describe()}");
            return record;
        }

        var properties = ParameterNames.PropertiesOf(type);
        foreach (var (property, name) in properties)
        {
            var field = path.Length == 0 ? name : $"{path}.{name}";
            if (node?.Find(name) is { } value)
            {
                if (value is { Kind: YamlNodeKind.Text, Text: "" } && property.GetCustomAttribute<ElseDefaultAttribute>() is { Only: null or "" })
                {
                    continue;
                }

                if (Read(property, value, field) is { } read)
                {
                    if (Holds(property, read, value, field, property.GetValue(record)))
                    {
                        property.SetValue(record, read);
                    }
                }
                else if (value is { Kind: YamlNodeKind.Text, Text: "" } && property.GetCustomAttribute<RequiredAttribute>() is not null)
                {
                    issues.Error(value, $"{field} must not be empty");
                }
            }
            else if (property.GetCustomAttribute<DefaultPluginAttribute>() is { Name: var byDefault })
            {
                property.SetValue(record, Reference(byDefault, field, node ?? owner));
            }
            else if (property.GetCustomAttribute<RequiredAttribute>() is not null)
            {
                issues.Error(node ?? owner, $"{field} is missing");
            }
        }

        foreach (var (name, _) in node?.Fields ?? [])
        {
            if (!properties.Any(property => property.Name == name.Text))
            {
                Unknown(name, path, properties);
            }
        }

        return record;
    }

    private void Unknown(YamlNode name, string path, IReadOnlyList<(PropertyInfo Property, string Name)> properties)
    {
        var field = path.Length == 0 ? name.Text : $"{path}.{name.Text}";
        var meant = properties.FirstOrDefault(property => property.Name.Equals(name.Text, StringComparison.OrdinalIgnoreCase)).Name;
        issues.Error(name, $"unknown field {field}" + (meant is null ? "" : $"; {meant} is meant, perhaps"));
    }

    private object? Read(PropertyInfo property, YamlNode node, string path) =>
        node.Kind == YamlNodeKind.Integer && property.IsDefined(typeof(NanosecondsAttribute)) && long.TryParse(node.Text, CultureInfo.InvariantCulture, out var nanoseconds)
            ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick)
            : Read(property.PropertyType, node, path);

    /// <summary>Null where it is faulty, which has been told.</summary>
    private object? Read(Type type, YamlNode node, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return FieldReader.TextOf(node, path, issues);
        }

        if (type == typeof(bool))
        {
            return node.Kind == YamlNodeKind.Boolean ? node.Text is "true" or "True" or "TRUE" : Wrong(node, path, "true or false");
        }

        if (type == typeof(int))
        {
            return node.Kind != YamlNodeKind.Integer ? Wrong(node, path, "a whole number")
                : int.TryParse(node.Text, CultureInfo.InvariantCulture, out var number) ? number
                : Wrong(node, path, $"a whole number from {int.MinValue} to {int.MaxValue}");
        }

        if (type == typeof(long))
        {
            return node.Kind == YamlNodeKind.Integer && long.TryParse(node.Text, CultureInfo.InvariantCulture, out var number) ? number : Wrong(node, path, "a whole number");
        }

        if (type == typeof(double))
        {
            return ReadDouble(node) ?? Wrong(node, path, "a number");
        }

        if (type == typeof(TimeSpan))
        {
            return node.Kind == YamlNodeKind.Text && GoDuration.TryParse(node.Text, out var time) ? time : Wrong(node, path, "a duration such as 200ms or 1m30s");
        }

        if (type == typeof(ByteSize))
        {
            return ByteQuantity.TryParse(node.Text, out var bytes) && bytes >= 0 ? new ByteSize(bytes) : Wrong(node, path, "a quantity such as 1000 or 1Gi");
        }

        return type == typeof(PluginReference) ? ReadReference(node, path) : ReadOther(type, node, path);
    }

    private object? ReadOther(Type type, YamlNode node, string path)
    {
        if (!type.IsGenericType)
        {
            return Bind(type, node, node, path);
        }

        return type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? ReadList(type.GetGenericArguments()[0], node, path)
            : ReadMap(type.GetGenericArguments()[1], node, path);
    }

    private object? ReadList(Type item, YamlNode node, string path)
    {
        if (node.Kind != YamlNodeKind.Sequence)
        {
            return Wrong(node, path, "a list");
        }

        var items = new List<object>();
        foreach (var (value, i) in node.Items.Select((value, i) => (value, i)))
        {
            if (Read(item, value, $"{path}[{i}]") is { } read)
            {
                items.Add(read);
            }
        }

        return Generic(nameof(ListOf), item).Invoke(null, [items]);
    }

    private object? ReadMap(Type valueType, YamlNode node, string path)
    {
        if (node.Kind != YamlNodeKind.Mapping)
        {
            return Wrong(node, path, "a mapping");
        }

        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in node.Fields)
        {
            if (Read(valueType, value, $"{path}[{name.Text}]") is { } read)
            {
                values[name.Text] = read;
            }
        }

        return Generic(nameof(MapOf), valueType).Invoke(null, [values]);
    }

    private static MethodInfo Generic(string method, Type type) => typeof(ParameterBinder).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);

    private static ImmutableArray<T> ListOf<T>(List<object> items) => [.. items.Cast<T>()];

    private static ImmutableDictionary<string, T> MapOf<T>(Dictionary<string, object> values) =>
        values.ToImmutableDictionary(value => value.Key, value => (T)value.Value, StringComparer.Ordinal);

    /// <summary>An empty name is no reference: it leaves the choice to the picker.</summary>
    private PluginReference? ReadReference(YamlNode node, string path) => FieldReader.TextOf(node, path, issues) is { Length: > 0 } name ? Reference(name, path, node) : null;

    private PluginReference Reference(string name, string path, YamlNode at)
    {
        var reference = new PluginReference(name, path, at);
        references.Add(reference);
        return reference;
    }

    internal static double? ReadDouble(YamlNode node) =>
        node.Kind is YamlNodeKind.Integer or YamlNodeKind.Float && double.TryParse(node.Text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Whether it can be taken. What can't is told, and keeps its default.</summary>
    private bool Holds(PropertyInfo property, object read, YamlNode node, string path, object? byDefault)
    {
        var faults = property.GetCustomAttributes<ValidationAttribute>().Where(attribute => !attribute.IsValid(read)).ToList();
        if (faults.Exists(fault => fault is RequiredAttribute or MinLengthAttribute { Length: 1 }))
        {
            issues.Error(node, $"{path} must not be empty");
            return false;
        }

        var replaced = property.GetCustomAttribute<ElseDefaultAttribute>() is { } replacement && (replacement.Only is not { } only || only.Equals(read));
        foreach (var fault in faults)
        {
            var message = DescribeRule(fault) is { } rule ? $"{path} must {rule}, not {node.Describe()}" : fault.FormatErrorMessage(path);
            if (replaced)
            {
                issues.Warning(node, $"{message}: {(byDefault is null ? "it counts as left out" : $"the default, {ParameterDescription.Text(byDefault)}, counts instead")}");
            }
            else
            {
                issues.Error(node, message);
            }
        }

        return faults.Count == 0;
    }

    /// <summary>What stands behind «must»; null for a rule that has words of its own.</summary>
    private static string? DescribeRule(ValidationAttribute attribute) => attribute switch
    {
        RangeAttribute range => ParameterDescription.Describe(range),
        AboveZeroAttribute => "be above 0",
        AllowedValuesAttribute values => $"be {string.Join(" or ", values.Values)}",
        MinLengthAttribute { Length: var least } => $"have at least {least} parts",
        _ => null,
    };

    private object? Wrong(YamlNode node, string path, string wanted)
    {
        issues.Error(node, $"{path} must be {wanted}, not {node.Describe()}");
        return null;
    }
}
