using System.Collections.Immutable;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>Reads an InferencePool of either version into the one form that the rest of the product knows.</summary>
internal static class PoolReader
{
    public const string GroupV1 = "inference.networking.k8s.io";
    public const string GroupV1Alpha2 = "inference.networking.x-k8s.io";

    private const int MaxTargetPorts = 8;
    private const int MaxSelectorLabels = 64;

    public static PoolObject? ReadV1(FieldReader fields, ObjectMetadata metadata, YamlIssues issues)
    {
        var spec = SpecOf(fields);
        if (spec is null)
        {
            return null;
        }

        var selector = spec.RequireMapping("selector");
        var labels = selector is null ? LabelSelector.OfLabels([]) : ReadSelector(selector, "matchLabels", issues);
        selector?.WarnOfOthers();
        var ports = ReadTargetPorts(spec, issues);
        var appProtocol = spec.Choice("appProtocol", "http", "kubernetes.io/h2c");
        var (picker, failureMode) = ReadPicker(spec.Mapping("endpointPickerRef"), reference => reference.Mapping("port") is { } port ? PortNumberOf(port) : null, portIsRequired: true, issues);
        spec.WarnOfOthers();
        return new(
            new() { Namespace = metadata.Namespace, Name = metadata.Name, Group = GroupV1, TargetPorts = ports, AppProtocol = appProtocol, EndpointPicker = picker, FailureMode = failureMode },
            labels);
    }

    public static PoolObject? ReadV1Alpha2(FieldReader fields, ObjectMetadata metadata, YamlIssues issues)
    {
        var spec = SpecOf(fields);
        if (spec is null)
        {
            return null;
        }

        var labels = ReadSelector(spec, "selector", issues);
        spec.Require("targetPortNumber");
        var port = spec.Port("targetPortNumber");
        var (picker, failureMode) = ReadPicker(spec.RequireMapping("extensionRef"), reference => reference.Port("portNumber"), portIsRequired: false, issues);
        spec.WarnOfOthers();
        return new(
            new() { Namespace = metadata.Namespace, Name = metadata.Name, Group = GroupV1Alpha2, TargetPorts = port is { } number ? [number] : [], EndpointPicker = picker, FailureMode = failureMode },
            labels);
    }

    private static FieldReader? SpecOf(FieldReader fields)
    {
        // Written by gateway controllers.
        fields.Ignore("status");
        var spec = fields.RequireMapping("spec");
        fields.WarnOfOthers();
        return spec;
    }

    private static LabelSelector ReadSelector(FieldReader owner, string name, YamlIssues issues)
    {
        if (owner.Require(name) is not { } node)
        {
            return LabelSelector.OfLabels([]);
        }

        var labels = new List<KeyValuePair<string, string>>();
        foreach (var (label, value) in owner.TextFields(name))
        {
            if (!KubernetesNames.IsLabelName(label.Text))
            {
                issues.Error(label, $"\"{label.Text}\" is no label's name");
            }
            else if (!KubernetesNames.IsLabelValue(value.Text))
            {
                issues.Error(value, $"\"{value.Text}\" is no label's value");
            }

            labels.Add(new(label.Text, value.Text));
        }

        if (node.Kind == YamlNodeKind.Mapping && node.Fields.Count is 0 or > MaxSelectorLabels)
        {
            issues.Error(node, $"the selector must have 1 to {MaxSelectorLabels} labels, not {node.Fields.Count}");
        }

        return LabelSelector.OfLabels(labels);
    }

    private static ImmutableArray<int> ReadTargetPorts(FieldReader spec, YamlIssues issues)
    {
        if (spec.Require("targetPorts") is not { } node)
        {
            return [];
        }

        var ports = ImmutableArray.CreateBuilder<int>();
        foreach (var item in spec.Items("targetPorts"))
        {
            if (FieldReader.Of(item, "spec.targetPorts[]", issues) is { } entry && PortNumberOf(entry) is { } port)
            {
                if (ports.Contains(port))
                {
                    issues.Error(item, $"spec.targetPorts: port {port} is given twice");
                }

                ports.Add(port);
            }
        }

        if (node.Kind == YamlNodeKind.Sequence && node.Items.Count is 0 or > MaxTargetPorts)
        {
            issues.Error(node, $"spec.targetPorts must have 1 to {MaxTargetPorts} ports, not {node.Items.Count}");
        }

        return ports.ToImmutable();
    }

    private static int? PortNumberOf(FieldReader fields)
    {
        fields.Require("number");
        var number = fields.Port("number");
        fields.WarnOfOthers();
        return number;
    }

    private static (EndpointPickerRef? Picker, FailureMode FailureMode) ReadPicker(FieldReader? reference, Func<FieldReader, int?> readPort, bool portIsRequired, YamlIssues issues)
    {
        if (reference is null)
        {
            return (null, FailureMode.FailClose);
        }

        var name = reference.RequireText("name");
        var kind = reference.Text("kind") ?? "Service";
        var port = readPort(reference);
        var failureMode = reference.Choice("failureMode", "FailOpen", "FailClose") == "FailOpen" ? FailureMode.FailOpen : FailureMode.FailClose;
        reference.Ignore("group");
        if (portIsRequired && kind == "Service" && reference.Take("port") is null)
        {
            issues.Error(reference.Node, "port is required when kind is 'Service' or unspecified (defaults to 'Service')");
        }

        reference.WarnOfOthers();

        // Only a service can be asked for by a gRPC authority.
        return (name is null || kind != "Service" ? null : new(name, port), failureMode);
    }
}
