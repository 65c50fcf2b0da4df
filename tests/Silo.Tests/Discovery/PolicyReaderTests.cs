using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking.Yaml;
using Orleans.Inference.Silo.Discovery;
using Orleans.Inference.Silo.Discovery.Manifests;

namespace Orleans.Inference.Silo.Tests.Discovery;

public sealed class PolicyReaderTests
{
    private const string Objective = "{apiVersion: llm-d.ai/v1alpha2, kind: InferenceObjective, metadata: {name: o},\n spec: ";
    private const string Rewrite = "{apiVersion: llm-d.ai/v1alpha2, kind: InferenceModelRewrite, metadata: {name: r},\n spec: {poolRef: {name: p}, ";
    private const string Model = "{apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: InferenceModel, metadata: {name: m},\n spec: {poolRef: {name: p}, modelName: chat, ";

    [Theory]
    [InlineData("llm-d.ai")]
    [InlineData("inference.networking.x-k8s.io")]
    public void Read_Objective_OfEitherGroup(string group)
    {
        var objective = Assert.IsType<ObjectiveObject>(Single($$"""
            apiVersion: {{group}}/v1alpha2
            kind: InferenceObjective
            metadata:
              name: batch
              namespace: models
              creationTimestamp: "2025-01-31T12:00:00Z"
            spec:
              priority: -10
              poolRef:
                group: inference.networking.k8s.io
                kind: InferencePool
                name: llama
            status: {conditions: []}
            """));

        Assert.Equal((group, "models", "batch", -10), (objective.Group, objective.Namespace, objective.Name, objective.Priority));
        Assert.Equal(new DateTimeOffset(2025, 1, 31, 12, 0, 0, TimeSpan.Zero), objective.Created);
        Assert.Equal(new PoolReference("inference.networking.k8s.io", "llama"), objective.Pool);
    }

    [Fact]
    public void Read_ObjectiveThatSaysLittle_HasTheDefaults()
    {
        var objective = Assert.IsType<ObjectiveObject>(Single(Objective + "{poolRef: {name: p}}}"));

        Assert.Equal(("here", 0, DateTimeOffset.MinValue), (objective.Namespace, objective.Priority, objective.Created));
        Assert.Equal(new PoolReference("inference.networking.k8s.io", "p"), objective.Pool);
    }

    [Fact]
    public void Read_Rewrite_GivesItsRulesInOrder()
    {
        var rewrite = Assert.IsType<ModelRewriteObject>(Single("""
            apiVersion: llm-d.ai/v1alpha2
            kind: InferenceModelRewrite
            metadata: {name: rollout, creationTimestamp: 2025-01-31T12:00:00.5+01:00}
            spec:
              poolRef: {name: llama}
              rules:
              - matches:
                - model: {type: Exact, value: chat}
                - model: {value: chat-latest}
                targets:
                - {modelRewrite: chat-v1, weight: 90}
                - {modelRewrite: chat-v2, weight: 10}
              - targets: [{modelRewrite: base}]
            """));

        Assert.Equal(new DateTimeOffset(2025, 1, 31, 11, 0, 0, 500, TimeSpan.Zero), rewrite.Created);
        Assert.Equal(
            [
                new RewriteRuleSpec { Name = "rollout", Models = ["chat", "chat-latest"], Targets = [new("chat-v1", 90), new("chat-v2", 10)] },
                new RewriteRuleSpec { Name = "rollout", Targets = [new("base", null)] },
            ],
            rewrite.Rules.AsEnumerable());
    }

    [Fact]
    public void Read_Model_GivesCriticalityAndTargets()
    {
        var model = Assert.IsType<ModelObject>(Single(Model + "criticality: Critical, targetModels: [{name: chat-v1, weight: 3}, {name: chat-v2, weight: 1}]}}"));

        Assert.Equal(("chat", Criticality.Critical), (model.ModelName, model.Criticality));
        Assert.Equal([new("chat-v1", 3), new("chat-v2", 1)], model.Targets.AsEnumerable());
        Assert.Equal(new PoolReference("inference.networking.x-k8s.io", "p"), model.Pool);
    }

    [Fact]
    public void Read_ModelThatSaysLittle_IsStandardAndServedByItself()
    {
        var model = Assert.IsType<ModelObject>(Single(Model + "}}"));

        Assert.Equal(Criticality.Standard, model.Criticality);
        Assert.Empty(model.Targets);
    }

    [Theory]
    [InlineData("InferenceObjective", "")]
    [InlineData("InferenceModelRewrite", ", rules: []")]
    public void Read_ListOfAKind_IsUnpacked(string kind, string more) =>
        Assert.Equal(kind, Single($"{{apiVersion: llm-d.ai/v1alpha2, kind: {kind}List, items: [{{metadata: {{name: o}}, spec: {{poolRef: {{name: p}}{more}}}}}]}}").Kind);

    [Fact]
    public void Read_ObjectBeingDeleted_IsLeftOut()
    {
        var text = (Objective + "{poolRef: {name: p}}}").Replace("{name: o}", "{name: o, deletionTimestamp: 2025-01-31T12:00:00Z}", StringComparison.Ordinal);

        Assert.Empty(Read(text).Content!.Policies);
    }

    [Theory]
    [InlineData("f.yaml:2:8: spec.poolRef is missing", "{}}")]
    [InlineData("f.yaml:2:19: spec.poolRef.name is missing", "{poolRef:  {}}}")]
    [InlineData("f.yaml:2:26: spec.poolRef.name must not be empty", "{poolRef:  {name: \"\"}}}")]
    [InlineData("f.yaml:2:19: spec.poolRef must be a mapping, not \"p\"", "{poolRef:  p}}")]
    [InlineData("f.yaml:2:25: spec.poolRef.name must be text, not the number 5; quote it", "{poolRef: {name: 5}}}")]
    [InlineData("f.yaml:2:39: spec.priority must be a whole number (-2147483648 to 2147483647), not the number 2147483648", "{poolRef: {name: p}, priority: 2147483648}}")]
    [InlineData("f.yaml:2:39: spec.priority must be a whole number (-2147483648 to 2147483647), not the number 1.5", "{poolRef: {name: p}, priority: 1.5}}")]
    [InlineData("f.yaml:2:39: spec.priority must be a whole number (-2147483648 to 2147483647), not \"high\"", "{poolRef: {name: p}, priority: high}}")]
    [InlineData("f.yaml:2:8: spec must be a mapping, not a list", "[]}")]
    public void Read_WrongObjective_IsAnErrorWithItsPlace(string expected, string spec) => AssertError(expected, Objective + spec);

    [Theory]
    [InlineData("f.yaml:2:8: spec.rules is missing", "}}")]
    [InlineData("f.yaml:2:36: spec.rules must be a list, not a mapping", "rules: {}}}")]
    [InlineData("f.yaml:2:37: spec.rules[] must be a mapping, not \"a\"", "rules: [a]}}")]
    [InlineData("f.yaml:2:37: spec.rules[].targets is missing", "rules: [{}]}}")]
    [InlineData("f.yaml:2:47: spec.rules[].targets must have at least one target", "rules: [{targets: []}]}}")]
    [InlineData("f.yaml:2:48: spec.rules[].targets[].modelRewrite is missing", "rules: [{targets: [{}]}]}}")]
    [InlineData("f.yaml:2:63: spec.rules[].targets[].modelRewrite must not be empty", "rules: [{targets: [{modelRewrite: \"\"}]}]}}")]
    [InlineData("f.yaml:2:74: spec.rules[].targets[].weight must be a whole number (0 to 1000000), not the number -1", "rules: [{targets: [{modelRewrite: a, weight: -1}]}]}}")]
    [InlineData("f.yaml:2:74: spec.rules[].targets[].weight must be a whole number (0 to 1000000), not the number 1000001", "rules: [{targets: [{modelRewrite: a, weight: 1000001}]}]}}")]
    [InlineData("f.yaml:2:74: spec.rules[].targets[].weight must be a whole number (0 to 1000000), not \"9\"", "rules: [{targets: [{modelRewrite: a, weight: \"9\"}]}]}}")]
    [InlineData("f.yaml:2:79: spec.rules[].matches[].model is missing", "rules: [{targets: [{modelRewrite: a}], matches: [ {}]}]}}")]
    [InlineData("f.yaml:2:86: spec.rules[].matches[].model.value is missing", "rules: [{targets: [{modelRewrite: a}], matches: [{model: {}}]}]}}")]
    [InlineData("f.yaml:2:94: spec.rules[].matches[].model.value must not be empty", "rules: [{targets: [{modelRewrite: a}], matches: [{model: {value: \"\"}}]}]}}")]
    [InlineData("f.yaml:2:103: spec.rules[].matches[].model.type must be Exact, not \"Prefix\"", "rules: [{targets: [{modelRewrite: a}], matches: [{model: {value: b, type: Prefix}}]}]}}")]
    public void Read_WrongRewrite_IsAnErrorWithItsPlace(string expected, string spec) => AssertError(expected, Rewrite + spec);

    [Theory]
    [InlineData("f.yaml:2:60: spec.criticality must be Critical or Standard or Sheddable, not \"High\"", "criticality:  High}}")]
    [InlineData("f.yaml:2:61: spec.targetModels must be a list, not \"a\"", "targetModels:  a}}")]
    [InlineData("f.yaml:2:61: spec.targetModels[].name is missing", "targetModels: [{}]}}")]
    [InlineData("f.yaml:2:60: Weights should be set for all models, or none of the models.", "targetModels: [{name: a, weight: 1}, {name: b}]}}")]
    [InlineData("f.yaml:2:60: spec.targetModels must have at most 10 models, not 11", "targetModels: [{name: a}, {name: a}, {name: a}, {name: a}, {name: a}, {name: a}, {name: a}, {name: a}, {name: a}, {name: a}, {name: a}]}}")]
    public void Read_WrongModel_IsAnErrorWithItsPlace(string expected, string spec) => AssertError(expected, Model + spec);

    [Fact]
    public void Read_ModelNameMissingOrTooLong_IsAnErrorWithItsPlace()
    {
        AssertError("f.yaml:2:8: spec.modelName is missing", (Model + "}}").Replace("modelName: chat, ", "", StringComparison.Ordinal));
        AssertError("f.yaml:2:40: spec.modelName must have at most 256 characters, not 257", (Model + "}}").Replace("chat", new string('c', 257), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("f.yaml:1:1: InferenceObjective of llm-d.ai/v1 is not known; v1alpha2 is", "{apiVersion: llm-d.ai/v1, kind: InferenceObjective, metadata: {name: o}, spec: {poolRef: {name: p}}}")]
    [InlineData("f.yaml:1:1: spec is missing", "{apiVersion: llm-d.ai/v1alpha2, kind: InferenceObjective, metadata: {name: o}}")]
    [InlineData("f.yaml:2:32: metadata.creationTimestamp must be a time such as 2025-01-31T12:00:00Z, not \"yesterday\"", "{apiVersion: llm-d.ai/v1alpha2, kind: InferenceObjective, metadata:\n {name: o, creationTimestamp:  yesterday}, spec: {poolRef: {name: p}}}")]
    [InlineData("f.yaml:2:31: metadata.creationTimestamp must be a time such as 2025-01-31T12:00:00Z, not \"2025-01-31\"", "{apiVersion: llm-d.ai/v1alpha2, kind: InferenceObjective, metadata:\n {name: o, creationTimestamp: 2025-01-31}, spec: {poolRef: {name: p}}}")]
    [InlineData("f.yaml:4:1: InferenceObjective here/o is given twice, first in line 1", Objective + "{poolRef: {name: p}}}\n---\n" + Objective + "{poolRef: {name: q}}}")]
    public void Read_WrongPolicy_IsAnErrorWithItsPlace(string expected, string text) => AssertError(expected, text);

    [Theory]
    [InlineData("f.yaml:2:9: unknown field spec.prioritty is ignored", "{prioritty: 5, poolRef: {name: p}}}")]
    [InlineData("f.yaml:2:29: unknown field spec.poolRef.port is ignored", "{poolRef: {name: p,  port: 5}}}")]
    public void Read_UnknownField_IsAWarningWithItsPlace(string expected, string spec)
    {
        var (content, issues) = Read(Objective + spec);

        Assert.Single(content!.Policies);
        Assert.Equal((IssueLevel.Warning, expected), (Assert.Single(issues).Level, issues[0].ToString()));
    }

    [Fact]
    public void Read_PoolOfAnotherKind_IsAWarningAndTheObjectIsLeftOut()
    {
        var (content, issues) = Read(Objective + "{poolRef: {name: p, kind: Service}}}");

        Assert.Empty(content!.Policies);
        Assert.Equal((IssueLevel.Warning, "f.yaml:2:34: spec.poolRef.kind: Service is no InferencePool; the object does not count"), (Assert.Single(issues).Level, issues[0].ToString()));
    }

    [Fact]
    public void Read_SomeTargetsWithoutWeight_IsAWarning()
    {
        var (content, issues) = Read(Rewrite + "rules: [{targets: [{modelRewrite: a, weight: 1}, {modelRewrite: b}]}]}}");

        Assert.Single(content!.Policies);
        Assert.Equal("f.yaml:2:47: spec.rules[].targets: some have a weight and some have none; those without are never chosen", Assert.Single(issues).ToString());
    }

    [Fact]
    public void Read_WrongWeightBesideAGoodOne_IsOneFindingOnly() =>
        Assert.Single(Read(Rewrite + "rules: [{targets: [{modelRewrite: a, weight: 1}, {modelRewrite: b, weight: -1}]}]}}").Issues);

    private static (ManifestContent? Content, IReadOnlyList<YamlIssue> Issues) Read(string text) => ManifestReader.Read("f.yaml", text, "here");

    private static PolicyObject Single(string text)
    {
        var (content, issues) = Read(text);
        Assert.Empty(issues);
        return Assert.Single(content!.Policies).Object;
    }

    private static void AssertError(string expected, string text)
    {
        var (content, issues) = Read(text);
        Assert.Null(content);
        Assert.Equal(expected, Assert.Single(issues, issue => issue.Level == IssueLevel.Error).ToString());
    }
}
