using System.Collections.Immutable;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking.Yaml;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>
/// Reads the policy kinds of v1alpha2: InferenceObjective and InferenceModelRewrite of the group <c>llm-d.ai</c> or the older <c>inference.networking.x-k8s.io</c>, and InferenceModel of the older
/// one. Limits are those of the kinds' schemas, except that a weight can be 0: no share.
/// </summary>
internal static class PolicyReader
{
    public const string LlmdGroup = "llm-d.ai";

    private const int MaxModelName = 256;
    private const int MaxTargetName = 253;
    private const int MaxTargets = 10;
    private const int MaxWeight = 1_000_000;

    /// <summary>For an object whose pool can't be read, so that what else is wrong with it is found too.</summary>
    private static readonly PoolReference NoPool = new("", "");

    /// <summary>Null where something is wrong, which is an error, or where it is for another kind of pool, which is a warning.</summary>
    public static PolicyObject? Read(string kind, string group, FieldReader fields, ObjectMetadata metadata, YamlIssues issues)
    {
        fields.Ignore("status");
        var spec = fields.RequireMapping("spec");
        fields.WarnOfOthers();
        if (spec is null)
        {
            return null;
        }

        var pool = ReadPool(spec, kind == "InferenceModel" ? PoolReader.GroupV1Alpha2 : PoolReader.GroupV1, issues);
        PolicyObject? policy = kind switch
        {
            "InferenceObjective" => ReadObjective(spec, group, metadata),
            "InferenceModelRewrite" => ReadRewrite(spec, group, metadata, issues),
            _ => ReadModel(spec, group, metadata, issues),
        };
        spec.WarnOfOthers();
        return pool is null || policy is null ? null : policy with { Pool = pool };
    }

    private static PoolReference? ReadPool(FieldReader spec, string defaultGroup, YamlIssues issues)
    {
        if (spec.RequireMapping("poolRef") is not { } reference)
        {
            return null;
        }

        var group = reference.Text("group") ?? defaultGroup;
        var kind = reference.Text("kind") ?? "InferencePool";
        var name = reference.RequireText("name", KubernetesNames.MaxName);
        reference.WarnOfOthers();
        if (kind == "InferencePool")
        {
            return name is null ? null : new(group, name);
        }

        issues.Warning(reference.Take("kind")!, $"spec.poolRef.kind: {kind} is no InferencePool; the object does not count");
        return null;
    }

    private static ObjectiveObject ReadObjective(FieldReader spec, string group, ObjectMetadata metadata) => new ObjectiveObject
    {
        Group = group,
        Namespace = metadata.Namespace,
        Name = metadata.Name,
        Created = metadata.Created,
        Pool = NoPool,
        Priority = spec.Integer("priority", int.MinValue, int.MaxValue) ?? 0,
    };

    private static ModelRewriteObject ReadRewrite(FieldReader spec, string group, ObjectMetadata metadata, YamlIssues issues)
    {
        spec.Require("rules");
        var rules = ImmutableArray.CreateBuilder<RewriteRuleSpec>();
        foreach (var item in spec.Items("rules"))
        {
            if (FieldReader.Of(item, "spec.rules[]", issues) is { } rule)
            {
                rules.Add(new() { Name = metadata.Name, Models = ReadMatches(rule, issues), Targets = ReadRuleTargets(rule, issues) });
                rule.WarnOfOthers();
            }
        }

        return new ModelRewriteObject { Group = group, Namespace = metadata.Namespace, Name = metadata.Name, Created = metadata.Created, Pool = NoPool, Rules = rules.ToImmutable() };
    }

    private static ModelObject? ReadModel(FieldReader spec, string group, ObjectMetadata metadata, YamlIssues issues)
    {
        var name = spec.RequireText("modelName", MaxModelName);
        var criticality = spec.Choice("criticality", nameof(Criticality.Critical), nameof(Criticality.Standard), nameof(Criticality.Sheddable));
        var targets = ReadTargets(spec, "targetModels", "spec.targetModels[]", "name", issues);
        if (spec.Take("targetModels") is { } node && targets.Length > 0)
        {
            if (targets.Length > MaxTargets)
            {
                issues.Error(node, $"spec.targetModels must have at most {MaxTargets} models, not {targets.Length}");
            }

            if (HasWeightsInPart(node))
            {
                issues.Error(node, "Weights should be set for all models, or none of the models.");
            }
        }

        return name is null
            ? null
            : new ModelObject
            {
                Group = group,
                Namespace = metadata.Namespace,
                Name = metadata.Name,
                Created = metadata.Created,
                Pool = NoPool,
                ModelName = name,
                Criticality = criticality is null ? Criticality.Standard : Enum.Parse<Criticality>(criticality),
                Targets = targets,
            };
    }

    /// <summary>The models that a rule is for; empty where it is for all.</summary>
    private static ImmutableArray<string> ReadMatches(FieldReader rule, YamlIssues issues)
    {
        var models = ImmutableArray.CreateBuilder<string>();
        foreach (var item in rule.Items("matches"))
        {
            if (FieldReader.Of(item, "spec.rules[].matches[]", issues) is not { } match)
            {
                continue;
            }

            if (match.RequireMapping("model") is { } model)
            {
                model.Choice("type", "Exact");
                if (model.RequireText("value", int.MaxValue) is { } value)
                {
                    models.Add(value);
                }

                model.WarnOfOthers();
            }

            match.WarnOfOthers();
        }

        return models.ToImmutable();
    }

    private static ImmutableArray<RewriteTargetSpec> ReadRuleTargets(FieldReader rule, YamlIssues issues)
    {
        var targets = ReadTargets(rule, "targets", "spec.rules[].targets[]", "modelRewrite", issues);
        if (rule.Require("targets") is not { } node)
        {
            return targets;
        }

        if (node is { Kind: YamlNodeKind.Sequence, Items.Count: 0 })
        {
            issues.Error(node, "spec.rules[].targets must have at least one target");
        }

        // The contract says all or none, and the reference picker goes on like this.
        if (HasWeightsInPart(node) && targets.Any(target => target.Weight > 0))
        {
            issues.Warning(node, "spec.rules[].targets: some have a weight and some have none; those without are never chosen");
        }

        return targets;
    }

    private static bool HasWeightsInPart(YamlNode targets)
    {
        var weighted = targets.Items.Count(target => target.Find("weight") is not null);
        return weighted > 0 && weighted < targets.Items.Count;
    }

    private static ImmutableArray<RewriteTargetSpec> ReadTargets(FieldReader owner, string field, string path, string nameField, YamlIssues issues)
    {
        var targets = ImmutableArray.CreateBuilder<RewriteTargetSpec>();
        foreach (var item in owner.Items(field))
        {
            if (FieldReader.Of(item, path, issues) is not { } target)
            {
                continue;
            }

            var name = target.RequireText(nameField, MaxTargetName);
            var weight = target.Integer("weight", 0, MaxWeight);
            target.WarnOfOthers();
            if (name is not null)
            {
                targets.Add(new(name, weight));
            }
        }

        return targets.ToImmutable();
    }
}
