using System.Text;
using System.Text.RegularExpressions;
using Orleans.Inference.ExtProcGateway.Hosting.Flags;
using Orleans.Inference.Silo.Discovery.Manifests;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Silo.Tests.Docs;

/// <summary>docs/configuration.md lists exactly the flags that there are, and its manifests are good ones.</summary>
public sealed partial class ConfigurationDocTests
{
    private const string Begin = "<!-- flags:begin, checked by ConfigurationDocTests -->\n";
    private const string End = "<!-- flags:end -->";

    private static readonly (string Title, IEnumerable<Flag> Flags)[] Groups =
    [
        ("The ext_proc front-end", GatewayFlags.All),
        ("Discovery and scraping", DiscoveryFlags.All),
        ("The cluster", ClusterFlags.All),
        ("Operation", OperatorFlags.All),
        ("Accepted, without a function in this version", InertFlags.All),
        ("Refused, whatever they say", RefusedFlags.All),
    ];

    [Fact]
    public void FlagTables_AreThoseOfTheCode()
    {
        var text = ReadDoc();
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;

        Assert.Equal(Tables(), text[begin..text.IndexOf(End, StringComparison.Ordinal)]);
    }

    [Fact]
    public void Groups_HoldEveryFlagOnce() => Assert.Equal(ProcessFlags.All.Select(flag => flag.Name), Groups.SelectMany(group => group.Flags).Select(flag => flag.Name));

    [Fact]
    public void Manifests_AreReadWithoutAFinding()
    {
        var kinds = new List<string>();
        foreach (var manifest in YamlBlock().Matches(ReadDoc()).Select(match => match.Groups[1].Value))
        {
            var (content, issues) = ManifestReader.Read("configuration.md", manifest, "default");
            Assert.Empty(issues);
            kinds.AddRange(content!.Pools.Select(_ => "InferencePool").Concat(content.Policies.Select(policy => policy.Object.Kind)));
        }

        Assert.Equal(["InferencePool", "InferenceModelRewrite", "InferenceModel", "InferenceObjective"], kinds);
    }

    private static string ReadDoc() => File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "configuration.md"));

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex YamlBlock();

    private static string Tables()
    {
        var tables = new StringBuilder("\n");
        foreach (var (title, flags) in Groups)
        {
            tables.Append($"**{title}**\n\n| flag | value | default | meaning |\n|---|---|---|---|\n");
            foreach (var flag in flags)
            {
                var names = string.Join(", ", flag.Aliases.Prepend(flag.Name).Select(name => $"`{name}`"));
                var value = flag.Default.Length == 0 ? "none" : $"`{flag.Default}`";
                tables.Append($"| {names} | {flag.Kind.ToString().ToLowerInvariant()} | {value} | {flag.Description} |\n");
            }

            tables.Append('\n');
        }

        return tables.ToString();
    }
}
