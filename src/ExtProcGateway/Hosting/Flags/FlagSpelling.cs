using System.Text.RegularExpressions;

namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>Brings the spellings that Go programs take to the one of the help: <c>--pool-name=x</c>.</summary>
/// <remarks>
/// Go's flags have one dash or two, and their value behind <c>=</c> or as the next argument, whatever that looks like. The reference picker's names were in camelCase once
/// (<c>-poolName</c>), and old charts still have them.
/// </remarks>
internal static partial class FlagSpelling
{
    /// <summary>Names that differ by more letters are no slip of the pen.</summary>
    private const int MostWrongLetters = 3;

    private const string Help = "--help";
    private const string Version = "--version";

    /// <summary>The arguments in their one spelling. A flag that is not known becomes a fault, and is left out with what looks like its value.</summary>
    public static List<string> Unify(IReadOnlyList<string> args, IReadOnlyCollection<Flag> flags, List<string> faults)
    {
        var byName = flags.ToDictionary(flag => flag.Name, StringComparer.Ordinal);
        var unified = new List<string>(args.Count);
        for (var i = 0; i < args.Count; i++)
        {
            var arg = args[i];
            var (name, value) = Split(arg, flags);
            if (name is null or Help or Version)
            {
                unified.Add(name ?? arg);
            }
            else if (!byName.TryGetValue(name, out var flag))
            {
                faults.Add($"{(value is null ? arg : arg[..arg.IndexOf('=')])} is no flag{Suggest(name, byName.Keys)}");
                i += value is null && i + 1 < args.Count && !args[i + 1].StartsWith('-') ? 1 : 0;
            }
            else if (value is null && flag.Kind == FlagKind.Bool)
            {
                unified.Add(name);
            }
            else if (value is null && i + 1 == args.Count)
            {
                faults.Add($"{name} needs a value");
            }
            else
            {
                unified.Add($"{name}={value ?? args[++i]}");
            }
        }

        return unified;
    }

    /// <summary>The name with two dashes and in kebab-case, null for an argument that is no flag; and the value, where it stands in the same argument.</summary>
    private static (string? Name, string? Value) Split(string arg, IReadOnlyCollection<Flag> flags)
    {
        if (arg.Length < 2 || arg[0] != '-' || arg is "--")
        {
            return default;
        }

        if (char.IsAsciiDigit(arg[^1]) && flags.FirstOrDefault(flag => flag.Aliases.Any(alias => IsWithNumber(arg, alias))) is { } counted)
        {
            return (counted.Name, arg[2..]);
        }

        var equals = arg.IndexOf('=');
        var name = (equals < 0 ? arg : arg[..equals])[(arg[1] == '-' ? 2 : 1)..];
        return (name is "h" or "?" ? Help : $"--{WordStart().Replace(name, "-").ToLowerInvariant()}", equals < 0 ? null : arg[(equals + 1)..]);
    }

    /// <summary><c>-v5</c>.</summary>
    private static bool IsWithNumber(string arg, string alias) =>
        alias.Length == 2 && arg.StartsWith(alias, StringComparison.Ordinal) && arg.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0;

    private static string Suggest(string name, IEnumerable<string> names)
    {
        var (nearest, distance) = names.Select(known => (Name: known, Distance: Distance(name, known))).MinBy(known => known.Distance);
        return distance <= MostWrongLetters && distance * 2 < name.Length - 2 ? $"; did you mean {nearest}?" : "";
    }

    /// <summary>Letters to change, add or take away to get from one text to the other.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex WordStart();
}
