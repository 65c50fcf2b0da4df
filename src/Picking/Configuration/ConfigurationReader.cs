using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Reads the text of an <c>EndpointPickerConfig</c>, and puts older fields where they belong now.</summary>
internal sealed class ConfigurationReader(YamlIssues issues)
{
    private const string CurrentVersion = "llm-d.ai/v1alpha1";
    private const string OlderVersion = "inference.networking.x-k8s.io/v1alpha1";

    /// <summary>References outside of the plugins' own parameters.</summary>
    private readonly List<PluginReference> _references = [];

    /// <summary>Null where there is no configuration in the text, which is told.</summary>
    public ConfigurationDocument? Read(string text)
    {
        if (YamlTree.Read(text, issues) is not { } documents)
        {
            return null;
        }

        if (documents is [])
        {
            issues.Error(1, 1, "the configuration is empty");
            return null;
        }

        if (documents is [_, var second, ..])
        {
            issues.Error(second, "a configuration is one document, and this is a second one");
        }

        return FieldReader.Of(documents[0], "", issues) is { } fields ? Read(fields) : null;
    }

    private ConfigurationDocument Read(FieldReader fields)
    {
        ReadKind(fields);
        var binder = new ParameterBinder(issues, _references);
        var root = fields.Node;
        var gates = FeatureGateReader.Read(fields.Items("featureGates"), issues, out var gateAt);
        var plugins = fields.Items("plugins").Select((node, i) => ReadPlugin(node, $"plugins[{i}]")).OfType<PluginEntry>().ToList();
        var profiles = fields.Items("schedulingProfiles").Select((node, i) => ReadProfile(node, $"schedulingProfiles[{i}]", binder)).OfType<ProfileEntry>().ToList();
        var flowControl = Section<FlowControlSection>("flowControl", out var flowControlAt);
        var dataLayer = Section<DataLayerSection>("dataLayer", out var dataLayerAt);
        var handler = Section<RequestHandlerSection>("requestHandler", out _);
        var parsers = handler.Parsers.Select(slot => slot.PluginRef).OfType<PluginReference>().ToList();
        var detector = flowControl.SaturationDetector;
        var olderDetector = Section<DetectorSlotSection>("saturationDetector", out var detectorAt);
        if (detectorAt is not null)
        {
            issues.Warning(detectorAt, "saturationDetector is deprecated; use flowControl.saturationDetector" + (detector is null ? "" : ", which is given too and counts"));
            detector ??= olderDetector;
        }

        if (Section<SlotSection>("parser", out var parserAt).PluginRef is { } olderParser)
        {
            issues.Warning(parserAt!, "parser is deprecated; use requestHandler.parsers" + (parsers.Count == 0 ? "" : ", which is given too and counts"));
            if (parsers.Count == 0)
            {
                parsers.Add(olderParser);
            }
        }

        fields.RejectOthers();
        return new(root, gates, gateAt, plugins, profiles, flowControlAt, flowControl, dataLayer, dataLayerAt, parsers, detector?.PluginRef);

        T Section<T>(string name, out YamlNode? at)
            where T : class, new()
        {
            at = fields.Take(name);
            return at is null ? new T() : (T)binder.Bind(typeof(T), at, root, name);
        }
    }

    private void ReadKind(FieldReader fields)
    {
        if (fields.RequireText("apiVersion") is { } version && version != CurrentVersion)
        {
            var at = fields.Take("apiVersion")!;
            if (version == OlderVersion)
            {
                issues.Warning(at, $"apiVersion {OlderVersion} is deprecated; use {CurrentVersion}");
            }
            else
            {
                issues.Error(at, $"apiVersion must be {CurrentVersion} (or, deprecated, {OlderVersion}), not {at.Describe()}");
            }
        }

        if (fields.RequireText("kind") is { } kind && kind != "EndpointPickerConfig")
        {
            var at = fields.Take("kind")!;
            issues.Error(at, $"kind must be EndpointPickerConfig, not {at.Describe()}");
        }
    }

    private PluginEntry? ReadPlugin(YamlNode node, string path)
    {
        if (FieldReader.Of(node, path, issues) is not { } fields)
        {
            return null;
        }

        var type = fields.RequireText("type");
        var name = fields.Text("name");
        var parameters = fields.Mapping("parameters")?.Node;
        fields.RejectOthers();
        if (type is "")
        {
            issues.Error(fields.Take("type")!, $"{path}.type must not be empty");
        }

        return type is { Length: > 0 } ? new(name is { Length: > 0 } ? name : type, type, name is { Length: > 0 } ? fields.Take("name")! : node, fields.Take("type")!, parameters) : null;
    }

    private ProfileEntry? ReadProfile(YamlNode node, string path, ParameterBinder binder)
    {
        if (FieldReader.Of(node, path, issues) is not { } fields)
        {
            return null;
        }

        var name = fields.RequireText("name");
        if (name is "")
        {
            issues.Error(fields.Take("name")!, $"{path}.name must not be empty");
        }

        var plugins = fields.Items("plugins")
            .Select((entry, i) => (ProfilePluginEntry)binder.Bind(typeof(ProfilePluginEntry), entry, entry, $"{path}.plugins[{i}]"))
            .ToList();
        fields.RejectOthers();
        return new(name ?? "", fields.Take("name") ?? node, plugins);
    }
}
