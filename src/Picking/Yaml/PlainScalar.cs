using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.Inference.Picking.Yaml;

/// <summary>What an unquoted YAML scalar is: YAML 1.1 as sigs.k8s.io/yaml reads it, so that a file means the same here as to the reference picker and to kubectl.</summary>
/// <remarks>Dates are text; numbers with base 60 (<c>1:30</c>) are text too, as there.</remarks>
internal static partial class PlainScalar
{
    /// <summary>Up to here a <see cref="double"/> has every whole number.</summary>
    private const double MostExact = 1L << 53;

    private const string Digits = "0123456789abcdef";

    /// <summary>The kind, and the value: <c>true</c> or <c>false</c>, a whole number in plain decimal, or the text as it is.</summary>
    /// <remarks>A number such as <c>2.0</c> or <c>1e3</c> is a whole one.</remarks>
    public static (YamlNodeKind Kind, string Value) Read(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => (YamlNodeKind.Null, plain),
        "true" or "True" or "TRUE" or "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => (YamlNodeKind.Boolean, "true"),
        "false" or "False" or "FALSE" or "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => (YamlNodeKind.Boolean, "false"),
        _ when char.IsAsciiDigit(plain[0]) || plain[0] is '+' or '-' => ReadNumber(plain, plain.Replace("_", "", StringComparison.Ordinal)),
        _ when plain[0] == '.' => ReadFloat(plain, plain),
        _ => (YamlNodeKind.Text, plain),
    };

    private static (YamlNodeKind Kind, string Value) ReadNumber(string plain, string number) =>
        ReadInteger(number) is { } whole ? (YamlNodeKind.Integer, whole.ToString(CultureInfo.InvariantCulture)) : ReadFloat(plain, number);

    private static (YamlNodeKind Kind, string Value) ReadFloat(string plain, string number)
    {
        if (!Floats().IsMatch(number))
        {
            return (YamlNodeKind.Text, plain);
        }

        return double.TryParse(number, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= MostExact && Math.Floor(value) == value
            ? (YamlNodeKind.Integer, ((long)value).ToString(CultureInfo.InvariantCulture))
            : (YamlNodeKind.Float, number);
    }

    /// <summary>A whole number with 64 bits, in the forms of Go's base 0: <c>10</c>, <c>0x1F</c>, <c>0b101</c>, <c>0o17</c> and <c>017</c>.</summary>
    private static Int128? ReadInteger(string number)
    {
        var isNegative = number[0] == '-';
        var unsigned = number[0] is '+' or '-' ? number[1..] : number;
        var (radix, digits) = unsigned switch
        {
            ['0', 'x' or 'X', .. var rest] => (16, rest),
            ['0', 'o' or 'O', .. var rest] => (8, rest),
            ['0', 'b' or 'B', .. var rest] => (2, rest),
            ['0', _, ..] => (8, unsigned[1..]),
            _ => (10, unsigned),
        };
        if (digits.Length == 0)
        {
            return null;
        }

        Int128 value = 0;
        foreach (var c in digits)
        {
            var digit = Digits.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            value = (value * radix) + digit;
            if (digit < 0 || digit >= radix || value > ulong.MaxValue)
            {
                return null;
            }
        }

        return !isNegative ? value : -value >= long.MinValue ? -value : null;
    }

    [GeneratedRegex(@"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$", RegexOptions.CultureInvariant)]
    private static partial Regex Floats();
}
