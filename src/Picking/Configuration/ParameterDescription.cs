using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Orleans.Inference.Picking.Configuration.Values;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>What docs say of one parameter.</summary>
/// <param name="Name">Its name; of one in a record within, with the names before it: <c>algorithm.type</c>.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Default">As a configuration would write it; empty for none.</param>
/// <param name="Meaning">From the property's Description.</param>
public sealed record ParameterDescription(string Name, string Kind, string Default, string Meaning)
{
    /// <summary>The parameters of a type of plugin.</summary>
    public static IReadOnlyList<ParameterDescription> Of(PluginDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return [.. Of(definition.Parameters, "")];
    }

    /// <summary>The rule of a Range, behind «must».</summary>
    internal static string Describe(RangeAttribute range)
    {
        var (min, max) = (Number(range.Minimum), Number(range.Maximum));
        var unlimited = range.Maximum is int.MaxValue or double.MaxValue or double.PositiveInfinity;
        return range.Minimum is int.MinValue or double.MinValue ? $"be at most {max}" : !unlimited ? $"be {(range.MinimumIsExclusive ? "above " : "")}{min} to {max}" : range.MinimumIsExclusive ? $"be above {min}" : $"be at least {min}";
    }

    private static IEnumerable<ParameterDescription> Of(Type record, string path)
    {
        var defaults = Activator.CreateInstance(record);
        foreach (var (property, name) in ParameterNames.PropertiesOf(record))
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var full = path + name;
            var meaning = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
            if (KindOf(type) is { } kind)
            {
                var byDefault = property.GetCustomAttribute<DefaultPluginAttribute>()?.Name ?? (property.IsDefined(typeof(RequiredAttribute)) ? "required" : Text(property.GetValue(defaults)));
                yield return new(full, kind, byDefault, meaning + RulesOf(property));
                continue;
            }

            var (inner, suffix) = Inner(type);
            if (KindOf(inner) is { } item)
            {
                yield return new(full, suffix == "[]" ? $"list of {item}" : $"mapping of {item}", "", meaning + RulesOf(property));
            }
            else
            {
                foreach (var parameter in Of(inner, $"{full}{suffix}."))
                {
                    yield return parameter;
                }
            }
        }
    }

    private static (Type Inner, string Suffix) Inner(Type type) => !type.IsGenericType ? (type, "")
        : type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? (type.GetGenericArguments()[0], "[]")
        : (type.GetGenericArguments()[1], "[name]");

    private static string? KindOf(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(bool) ? "bool"
        : type == typeof(int) || type == typeof(long) ? "whole number"
        : type == typeof(double) ? "number"
        : type == typeof(TimeSpan) ? "duration"
        : type == typeof(ByteSize) ? "quantity"
        : type == typeof(PluginReference) ? "name of a plugin"
        : null;

    private static string RulesOf(PropertyInfo property)
    {
        var rules = property.GetCustomAttributes<ValidationAttribute>().Select(rule => rule switch
        {
            RangeAttribute range => $" Must {Describe(range)}{Replacement(property)}.",
            AboveZeroAttribute => " Must be above 0.",
            AllowedValuesAttribute values => $" One of {string.Join(", ", values.Values.Select(value => $"`{value}`"))}.",
            _ => "",
        });
        return string.Concat(rules);
    }

    private static string Replacement(PropertyInfo property) => property.GetCustomAttribute<ElseDefaultAttribute>() switch
    {
        null => "",
        { Only: { } only } => $"; {Number(only)} counts as the default",
        _ => ", else the default counts",
    };

    /// <summary>As a configuration would write it; empty for null.</summary>
    internal static string Text(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        TimeSpan time => GoDuration.Format(time),
        _ => Number(value),
    };

    private static string Number(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
