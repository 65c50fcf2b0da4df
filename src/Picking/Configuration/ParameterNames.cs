using System.Reflection;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>The properties of a parameters' record, and what they are called in a configuration.</summary>
internal static class ParameterNames
{
    /// <summary>In their order in the record: <c>MaxBusyScore</c> is <c>maxBusyScore</c>.</summary>
    public static IReadOnlyList<(PropertyInfo Property, string Name)> PropertiesOf(Type record) =>
        [.. record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true }).Select(property => (property, NameOf(property.Name)))];

    private static string NameOf(string property) => char.ToLowerInvariant(property[0]) + property[1..];
}
