using System.Text;
using System.Text.RegularExpressions;
using Orleans.Inference.ExtProcGateway.Configuration;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Silo.Tests.Docs;

/// <summary>docs/plugins.md lists exactly the plugins that there are, with their parameters, and its examples are good ones.</summary>
/// <remarks>With the environment's <c>UPDATE_DOCS=1</c> the list is written instead.</remarks>
public sealed partial class PluginDocTests
{
    private const string Begin = "<!-- plugins:begin, checked by PluginDocTests -->\n";
    private const string End = "<!-- plugins:end -->";

    private static readonly (string Title, PluginRoles Roles)[] Groups =
    [
        ("Filters", PluginRoles.Filter),
        ("Scorers", PluginRoles.Scorer),
        ("Pickers", PluginRoles.Picker),
        ("Profile handlers", PluginRoles.ProfileHandler),
        ("Saturation detectors", PluginRoles.SaturationDetector),
        ("Data producers", PluginRoles.DataProducer),
        ("Request parsers", PluginRoles.Parser),
        ("Request control", PluginRoles.RequestControl),
        ("Data layer", PluginRoles.DataSource | PluginRoles.DataExtractor),
        ("Policies of flow control", PluginRoles.FairnessPolicy | PluginRoles.OrderingPolicy | PluginRoles.UsageLimitPolicy),
        ("Others", PluginRoles.None),
    ];

    private static readonly PluginRegistry Registry = GatewayPlugins.CreateRegistry();

    private static string Doc => Path.Combine(RepositoryPaths.Root, "docs", "plugins.md");

    public static TheoryData<string> Types => [.. Registry.All.Select(definition => definition.Type)];

    [Fact]
    public void List_IsThatOfTheCode()
    {
        var text = File.ReadAllText(Doc);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(Doc, text[..begin] + List() + text[end..]);
            return;
        }

        Assert.Equal(List(), text[begin..end]);
    }

    [Fact]
    public void DefaultConfiguration_IsThatOfTheCode() => Assert.Contains($"```yaml\n{DefaultConfiguration.Text}```\n", File.ReadAllText(Doc), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Types))]
    public void Plugin_IsDescribedWithItsParameters(string type)
    {
        Assert.True(Registry.TryFind(type, out var definition));

        Assert.NotEmpty(definition.Summary);
        Assert.True(!definition.Roles.HasFlag(PluginRoles.Scorer) || definition.Formula.Length > 0, "a scorer has a formula");
        Assert.All(ParameterDescription.Of(definition), parameter => Assert.NotEmpty(parameter.Meaning));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Plugin_ItsExample_IsAccepted(string type)
    {
        Assert.True(Registry.TryFind(type, out var definition));

        var outcome = Load($"apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\nplugins:\n{ExampleOf(definition)}\n");

        Assert.Empty(outcome.Faults);
        Assert.True(outcome.Configuration!.Has(type));
    }

    [Fact]
    public void Configurations_OfTheText_AreAccepted()
    {
        var text = File.ReadAllText(Doc);
        var configurations = YamlBlock().Matches(text).Select(match => match.Groups[1].Value).Where(yaml => yaml.StartsWith("apiVersion:", StringComparison.Ordinal) && !yaml.Contains("zone-scorer", StringComparison.Ordinal)).ToList();

        Assert.True(configurations.Count >= 2);
        Assert.All(configurations, configuration => Assert.Empty(Load(configuration).Faults));
    }

    [Fact]
    public void WorkedExample_IsThatOfTheSample()
    {
        var text = File.ReadAllText(Doc);
        foreach (var file in new[] { "ZoneScorer.cs", "ZoneScorerParameters.cs", "Module.cs" })
        {
            Assert.Contains(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "samples", "ThirdPartyPlugin", file)), text, StringComparison.Ordinal);
        }
    }

    private static ConfigurationOutcome Load(string text) =>
        ConfigurationLoader.Load("plugins.md", text, Registry, new ConfigurationLoadOptions { AllowExperimentalPlugins = true });

    private static string ExampleOf(PluginDefinition definition) => definition.Example.Length > 0 ? definition.Example : $"- type: {definition.Type}";

    private static string List()
    {
        var list = new StringBuilder("\n");
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (title, roles) in Groups)
        {
            var group = Registry.All.Where(definition => (roles == PluginRoles.None || (definition.Roles & roles) != 0) && listed.Add(definition.Type)).ToList();
            if (group.Count > 0)
            {
                list.Append($"### {title}\n\n");
                group.ForEach(definition => Describe(list, definition));
            }
        }

        var missing = KnownPlugins.All.Where(type => !Registry.TryFind(type, out _));
        return list.Append($"### Of the reference picker, not implemented here\n\n{string.Join(", ", missing.Select(type => $"`{type}`"))}.\n\n").ToString();
    }

    private static void Describe(StringBuilder list, PluginDefinition definition)
    {
        var roles = string.Join(", ", Enum.GetValues<PluginRoles>().Where(role => role != PluginRoles.None && definition.Roles.HasFlag(role)));
        list.Append($"#### `{definition.Type}`\n\n{roles} · {definition.Stability}\n\n{definition.Summary}\n\n");
        if (definition.Formula.Length > 0)
        {
            list.Append($"> {definition.Formula}\n\n");
        }

        if (definition.Consumes != PluginData.None)
        {
            list.Append($"Reads {definition.Consumes}.\n\n");
        }

        var parameters = ParameterDescription.Of(definition);
        if (parameters.Count > 0)
        {
            list.Append("| parameter | value | default | meaning |\n|---|---|---|---|\n");
            foreach (var (name, kind, value, meaning) in parameters)
            {
                list.Append($"| `{name}` | {kind} | {(value.Length == 0 ? "none" : $"`{value}`")} | {meaning} |\n");
            }

            list.Append('\n');
        }

        if (definition.Example.Length > 0)
        {
            list.Append($"```yaml\n{definition.Example}\n```\n\n");
        }
    }

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex YamlBlock();
}
