using System.Globalization;
using Orleans.Inference.Picking.Configuration.Values;

namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>Makes flags by the kind of their value.</summary>
internal static class FlagOf
{
    /// <summary>Least size in bytes that is taken, but for 0, which has a meaning with some flags.</summary>
    private const int SmallestSize = 1024;

    public static Flag Text(string name, string defaultValue, string description, Action<FlagValues, string> set, bool repeatable = false) => new()
    {
        Name = name,
        Kind = FlagKind.Text,
        Default = defaultValue,
        Description = description,
        Repeatable = repeatable,
        Apply = (values, text) =>
        {
            set(values, text);
            return null;
        },
    };

    /// <summary>A text that is checked: <paramref name="apply"/> answers what is wrong with it.</summary>
    public static Flag Checked(string name, string defaultValue, string description, Func<FlagValues, string, string?> apply, bool repeatable = false) => new()
    {
        Name = name,
        Kind = FlagKind.Text,
        Default = defaultValue,
        Description = description,
        Repeatable = repeatable,
        Apply = apply,
    };

    public static Flag Bool(string name, bool defaultValue, string description, Action<FlagValues, bool> set) => new()
    {
        Name = name,
        Kind = FlagKind.Bool,
        Default = defaultValue ? "true" : "false",
        Description = description,
        Apply = (values, text) =>
        {
            if (ParseBool(text) is not { } value)
            {
                return $"\"{text}\" is neither true nor false";
            }

            set(values, value);
            return null;
        },
    };

    public static Flag Port(string name, int defaultValue, string description, Action<FlagValues, int> set) => new()
    {
        Name = name,
        Kind = FlagKind.Port,
        Default = defaultValue.ToString(CultureInfo.InvariantCulture),
        Description = description,
        Apply = (values, text) =>
        {
            if (ParsePort(text) is not { } value)
            {
                return $"\"{text}\" is no port (0 to 65535)";
            }

            set(values, value);
            return null;
        },
    };

    public static Flag Number(string name, int defaultValue, string description, Action<FlagValues, int> set) => new()
    {
        Name = name,
        Kind = FlagKind.Number,
        Default = defaultValue.ToString(CultureInfo.InvariantCulture),
        Description = description,
        Apply = (values, text) =>
        {
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            {
                return $"\"{text}\" is no whole number";
            }

            set(values, value);
            return null;
        },
    };

    /// <summary>A number that is not negative.</summary>
    public static Flag Count(string name, int defaultValue, string description, Action<FlagValues, int> set)
    {
        var number = Number(name, defaultValue, description, set);
        return number with { Apply = (values, text) => text.StartsWith('-') ? $"\"{text}\" is negative" : number.Apply(values, text) };
    }

    public static Flag Duration(string name, TimeSpan defaultValue, string description, Action<FlagValues, TimeSpan> set) => new()
    {
        Name = name,
        Kind = FlagKind.Duration,
        Default = GoDuration.Format(defaultValue),
        Description = description,
        Apply = (values, text) =>
        {
            if (!GoDuration.TryParse(text, out var value))
            {
                return $"\"{text}\" is no duration (such as 50ms, 1m30s, 2s)";
            }

            if (value < TimeSpan.Zero)
            {
                return $"\"{text}\" is negative";
            }

            set(values, value);
            return null;
        },
    };

    public static Flag Quantity(string name, string description, Action<FlagValues, long> set) => new()
    {
        Name = name,
        Kind = FlagKind.Quantity,
        Default = "",
        Description = description,
        Apply = (values, text) =>
        {
            if (text.Length == 0)
            {
                return null;
            }

            if (!ByteQuantity.TryParse(text, out var value))
            {
                return $"\"{text}\" is no size (such as 4Mi, 16M, 1000000)";
            }

            if (value is > 0 and < SmallestSize)
            {
                return TooSmall(text);
            }

            set(values, value);
            return null;
        },
    };

    /// <summary>A flag of the reference picker that does nothing here; only its form is checked.</summary>
    /// <param name="inert">The value that asks for nothing to be done.</param>
    public static Flag Inert(FlagKind kind, string name, string defaultValue, string inert, string description)
    {
        var form = kind switch
        {
            FlagKind.Bool => Bool(name, false, "", static (_, _) => { }),
            FlagKind.Number => Number(name, 0, "", static (_, _) => { }),
            FlagKind.Port => Port(name, 0, "", static (_, _) => { }),
            FlagKind.Duration => Duration(name, default, "", static (_, _) => { }),
            _ => Text(name, "", "", static (_, _) => { }),
        };
        return new Flag { Name = name, Kind = kind, Default = defaultValue, InertValue = inert, Description = description, Apply = form.Apply };
    }

    /// <summary>Nobody means a limit of a few bytes. A small m is a thousandth, and easily written for mega.</summary>
    private static string TooSmall(string text)
    {
        var number = text.TrimEnd('b', 'B');
        return number.EndsWith('m') && decimal.TryParse(number[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var thousandths)
            ? string.Create(CultureInfo.InvariantCulture, $"\"{text}\" is {thousandths / 1000:0.###} bytes (m is a thousandth); write {number[..^1]}Mi or {number[..^1]}M")
            : $"\"{text}\" is less than 1Ki";
    }

    /// <summary>Go's spellings of a truth value.</summary>
    internal static bool? ParseBool(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };

    internal static int? ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= 65535 ? value : null;
}
