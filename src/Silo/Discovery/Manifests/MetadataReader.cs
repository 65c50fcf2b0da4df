using System.Collections.Frozen;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>Reads <c>metadata</c>.</summary>
internal static class MetadataReader
{
    /// <summary>Null where it is missing or wrong, which is an error.</summary>
    /// <param name="defaultNamespace">Of an object that names none.</param>
    public static ObjectMetadata? Read(FieldReader owner, string defaultNamespace, YamlIssues issues)
    {
        if (owner.RequireMapping("metadata") is not { } metadata)
        {
            return null;
        }

        var name = metadata.RequireText("name");
        var ns = metadata.Text("namespace") ?? defaultNamespace;
        var labels = ReadTexts(metadata, "labels");
        var annotations = ReadTexts(metadata, "annotations");
        var created = metadata.Time("creationTimestamp");
        var deleting = metadata.Take("deletionTimestamp") is not null;
        metadata.Ignore("generateName", "uid", "resourceVersion", "generation", "deletionGracePeriodSeconds", "ownerReferences", "finalizers", "managedFields", "selfLink");
        metadata.WarnOfOthers();
        if (name is null)
        {
            return null;
        }

        if (!KubernetesNames.IsName(name))
        {
            issues.Error(metadata.Take("name")!, $"metadata.name: \"{name}\" is no name (lower-case letters, digits, - and .)");
            return null;
        }

        if (!KubernetesNames.IsNamespace(ns))
        {
            issues.Error(metadata.Take("namespace") ?? metadata.Node, $"metadata.namespace: \"{ns}\" is no namespace (up to 63 lower-case letters, digits and -)");
            return null;
        }

        return new(ns, name, labels, annotations, created ?? DateTimeOffset.MinValue, deleting);
    }

    private static FrozenDictionary<string, string> ReadTexts(FieldReader owner, string name) =>
        owner.TextFields(name).ToFrozenDictionary(field => field.Name.Text, field => field.Value.Text, StringComparer.Ordinal);
}
