using System.Collections.Immutable;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>Reads one file of Kubernetes-shaped YAML.</summary>
internal sealed class ManifestReader
{
    private readonly string _file;
    private readonly string _defaultNamespace;
    private readonly YamlIssues _issues;
    private readonly Dictionary<string, YamlNode> _seen = new(StringComparer.Ordinal);
    private readonly ImmutableArray<Placed<PoolObject>>.Builder _pools = ImmutableArray.CreateBuilder<Placed<PoolObject>>();
    private readonly ImmutableArray<Placed<PodObject>>.Builder _pods = ImmutableArray.CreateBuilder<Placed<PodObject>>();
    private readonly ImmutableArray<Placed<PolicyObject>>.Builder _policies = ImmutableArray.CreateBuilder<Placed<PolicyObject>>();

    private ManifestReader(string file, string defaultNamespace)
    {
        _file = file;
        _defaultNamespace = defaultNamespace;
        _issues = new(file);
    }

    /// <summary>What <paramref name="text"/> holds; null where there is an error among the issues.</summary>
    /// <param name="file">How messages name it.</param>
    /// <param name="defaultNamespace">Of objects that name none.</param>
    public static (ManifestContent? Content, IReadOnlyList<YamlIssue> Issues) Read(string file, string text, string defaultNamespace)
    {
        var reader = new ManifestReader(file, defaultNamespace);
        foreach (var document in YamlTree.Read(text, reader._issues) ?? [])
        {
            reader.ReadObject(document, null, null, inList: false);
        }

        return (reader._issues.HasErrors ? null : new(reader._pools.ToImmutable(), reader._pods.ToImmutable(), reader._policies.ToImmutable()), reader._issues.All);
    }

    private void ReadObject(YamlNode node, string? defaultApiVersion, string? defaultKind, bool inList)
    {
        if (FieldReader.Of(node, "", _issues) is not { } fields)
        {
            return;
        }

        // Items of a PodList need not repeat what they are.
        var kind = defaultKind is null ? fields.RequireText("kind") : fields.Text("kind") ?? defaultKind;
        var apiVersion = defaultApiVersion is null ? fields.RequireText("apiVersion") : fields.Text("apiVersion") ?? defaultApiVersion;
        if (kind is null || apiVersion is null)
        {
            return;
        }

        var itemKind = kind.EndsWith("List", StringComparison.Ordinal) ? kind[..^"List".Length] : null;
        var isPlainList = itemKind?.Length == 0 && apiVersion == "v1";
        if (isPlainList || (itemKind is not null && IsOfUse(itemKind, apiVersion)))
        {
            if (inList)
            {
                _issues.Error(node, "a list inside a list");
            }
            else
            {
                ReadItems(fields, isPlainList ? null : apiVersion, isPlainList ? null : itemKind);
            }
        }
        else if (IsOfUse(kind, apiVersion))
        {
            ReadKnown(fields, apiVersion, kind);
        }
        else
        {
            _issues.Info(node, $"{kind} of {apiVersion} is of no use here and ignored");
        }
    }

    private static bool IsOfUse(string kind, string apiVersion) => kind switch
    {
        "Pod" => apiVersion == "v1",
        "InferencePool" => GroupOf(apiVersion) is PoolReader.GroupV1 or PoolReader.GroupV1Alpha2,
        "InferenceModel" => GroupOf(apiVersion) == PoolReader.GroupV1Alpha2,
        "InferenceObjective" or "InferenceModelRewrite" => GroupOf(apiVersion) is PoolReader.GroupV1Alpha2 or PolicyReader.LlmdGroup,
        _ => false,
    };

    private void ReadItems(FieldReader list, string? apiVersion, string? kind)
    {
        list.Ignore("metadata");
        var items = list.Items("items");
        list.WarnOfOthers();
        foreach (var item in items)
        {
            ReadObject(item, apiVersion, kind, inList: true);
        }
    }

    private void ReadKnown(FieldReader fields, string apiVersion, string kind)
    {
        if (MetadataReader.Read(fields, _defaultNamespace, _issues) is not { } metadata)
        {
            return;
        }

        var node = fields.Node;
        var key = $"{kind}.{GroupOf(apiVersion)}/{metadata.Namespace}/{metadata.Name}";
        if (!_seen.TryAdd(key, node))
        {
            _issues.Error(node, $"{kind} {metadata.Namespace}/{metadata.Name} is given twice, first in line {_seen[key].Line}");
            return;
        }

        switch (kind, apiVersion)
        {
            case ("Pod", _):
                _pods.Add(Place(PodReader.Read(fields, metadata, _issues), key, node));
                break;
            case ("InferencePool", PoolReader.GroupV1 + "/v1"):
                AddPool(PoolReader.ReadV1(fields, metadata, _issues), metadata, key, node);
                break;
            case ("InferencePool", PoolReader.GroupV1Alpha2 + "/v1alpha2"):
                AddPool(PoolReader.ReadV1Alpha2(fields, metadata, _issues), metadata, key, node);
                break;
            case ("InferencePool", _):
                _issues.Error(node, $"InferencePool of {apiVersion} is not known; {PoolReader.GroupV1}/v1 and {PoolReader.GroupV1Alpha2}/v1alpha2 are");
                break;
            case (_, _) when apiVersion.EndsWith("/v1alpha2", StringComparison.Ordinal):
                AddPolicy(PolicyReader.Read(kind, GroupOf(apiVersion), fields, metadata, _issues), metadata, key, node);
                break;
            default:
                _issues.Error(node, $"{kind} of {apiVersion} is not known; v1alpha2 is");
                break;
        }
    }

    /// <summary>A pool that is being deleted is gone already.</summary>
    private void AddPool(PoolObject? pool, ObjectMetadata metadata, string key, YamlNode node)
    {
        if (pool is not null && !metadata.Deleting)
        {
            _pools.Add(Place(pool, key, node));
        }
    }

    /// <summary>A policy that is being deleted is gone already.</summary>
    private void AddPolicy(PolicyObject? policy, ObjectMetadata metadata, string key, YamlNode node)
    {
        if (policy is not null && !metadata.Deleting)
        {
            _policies.Add(Place(policy, key, node));
        }
    }

    private Placed<T> Place<T>(T value, string key, YamlNode node) => new(value, key, _file, node.Line, node.Column);

    private static string GroupOf(string apiVersion) => apiVersion.LastIndexOf('/') is var slash and >= 0 ? apiVersion[..slash] : "";
}
