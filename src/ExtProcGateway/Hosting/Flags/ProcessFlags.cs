using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Orleans.Inference.ExtProcGateway.Hosting.Flags;

/// <summary>The command line of the silo and the gateway process: every flag, read as Go programs read theirs.</summary>
/// <remarks>
/// <c>--flag value</c> and <c>--flag=value</c>; a Boolean flag stands alone or has its value behind <c>=</c>; one dash and camelCase do too
/// (<see cref="FlagSpelling"/>); of a flag given twice the last counts. All faults are reported at once.
/// </remarks>
public static class ProcessFlags
{
    /// <summary>All flags, in the order of the help.</summary>
    internal static ImmutableArray<Flag> All { get; } =
        [.. GatewayFlags.All, .. DiscoveryFlags.All, .. ClusterFlags.All, .. OperatorFlags.All, .. InertFlags.All, .. RefusedFlags.All];

    private const string Spellings = "A flag may have one dash, and be written in camelCase: -poolName is --pool-name.";

    /// <summary>Reads <paramref name="args"/>; <paramref name="environment"/> gives variables (NAMESPACE, POD_NAME), null for one that is not set.</summary>
    public static FlagOutcome Parse(string description, IReadOnlyList<string> args, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(environment);
        var root = new RootCommand($"{description} {Spellings}");
        var options = new Dictionary<Flag, Option<string[]>>();
        foreach (var flag in All)
        {
            root.Options.Add(options[flag] = ToOption(flag));
        }

        var faults = new List<string>();
        // Values such as @file are text, not files of arguments.
        var result = root.Parse(FlagSpelling.Unify(args, All, faults), new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is HelpAction or { Terminating: true } && result.Errors.Count == 0)
        {
            using var text = new StringWriter();
            result.Invoke(new InvocationConfiguration { Output = text, Error = text });
            return new FlagOutcome { Text = text.ToString() };
        }

        faults.InsertRange(0, result.Errors.Select(error => error.Message));
        return Read(result, options, environment, faults);
    }

    private static FlagOutcome Read(ParseResult result, Dictionary<Flag, Option<string[]>> options, Func<string, string?> environment, List<string> faults)
    {
        var values = new FlagValues();
        var warnings = new List<string>();
        var inert = new List<string>();
        if (environment("NAMESPACE") is { Length: > 0 } ownNamespace)
        {
            values.Options.Gateway.PoolNamespace = ownNamespace;
        }

        values.Options.Discovery.StandalonePoolName = FlagChecks.DeploymentOf(environment("POD_NAME")) ?? values.Options.Discovery.StandalonePoolName;
        foreach (var flag in All)
        {
            if (result.GetResult(options[flag]) is not { Implicit: false } given)
            {
                continue;
            }

            var texts = TextsOf(flag, given);
            foreach (var text in flag.Repeatable ? texts : texts[^1..])
            {
                if (flag.Apply(values, text) is { } fault)
                {
                    faults.Add($"{flag.Name}: {fault}");
                }
                else if (flag.InertValue is { } nothing && text != nothing)
                {
                    inert.Add(flag.Name);
                }
            }
        }

        FlagChecks.Run(values, faults, warnings);
        if (inert.Count > 0)
        {
            warnings.Add($"accepted, but without a function in this version: {string.Join(", ", inert)}");
        }

        return faults.Count > 0
            ? new FlagOutcome { Faults = faults, Warnings = warnings }
            : new FlagOutcome { Options = values.Options, Warnings = warnings };
    }

    private static string[] TextsOf(Flag flag, OptionResult given)
    {
        var texts = given.Tokens.Select(token => token.Value).ToArray();
        if (flag.Kind == FlagKind.Bool)
        {
            // A Boolean flag that stands alone has no token.
            return texts.Length == 0 ? ["true"] : [.. texts.Select(text => FlagOf.ParseBool(text) is { } value ? (value ? "true" : "false") : text)];
        }

        return texts.Length == 0 ? [""] : texts;
    }

    private static Option<string[]> ToOption(Flag flag) => new(flag.Name, flag.Aliases)
    {
        Description = flag.Description,
        HelpName = flag.Kind.ToString().ToLowerInvariant(),
        // An empty value (--flag=) counts as none there.
        Arity = ArgumentArity.ZeroOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = flag.Default.Length == 0 ? null : _ => [flag.Default],
    };
}
