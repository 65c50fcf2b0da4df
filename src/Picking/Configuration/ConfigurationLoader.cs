using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Loads an <c>EndpointPickerConfig</c>.</summary>
public static class ConfigurationLoader
{
    /// <summary>Reads and builds a configuration. Nothing is thrown for what is wrong with it: all faults are told at once.</summary>
    /// <param name="source">How messages name the text, such as a file's name.</param>
    /// <param name="registry">The types of plugins there are.</param>
    public static ConfigurationOutcome Load(string source, string text, PluginRegistry registry, ConfigurationLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(options);
        var issues = new YamlIssues(source);
        var document = new ConfigurationReader(issues).Read(text);
        var configuration = document is null ? null : new ConfigurationBuilder(registry, options, issues).Build(document);
        return new(configuration, Lines(issues, IssueLevel.Error), Lines(issues, IssueLevel.Warning));
    }

    private static List<string> Lines(YamlIssues issues, IssueLevel level) =>
        [.. issues.All.Where(issue => issue.Level == level).OrderBy(issue => issue.Line).ThenBy(issue => issue.Column).Select(issue => issue.ToString()).Distinct(StringComparer.Ordinal)];
}
