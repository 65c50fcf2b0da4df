using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Picking.Yaml;
using Orleans.Inference.Silo.Discovery;
using Orleans.Inference.Silo.Discovery.Manifests;

namespace Orleans.Inference.Silo.Tests.Discovery;

public sealed class ManifestReaderTests
{
    [Fact]
    public void Read_PoolV1_GivesItsSpec()
    {
        var content = Good("""
            apiVersion: inference.networking.k8s.io/v1
            kind: InferencePool
            metadata: {name: llama, namespace: models}
            spec:
              selector:
                matchLabels:
                  app: vllm
                  llm-d.ai/model: "70"
              targetPorts:
              - number: 8000
              - number: 8001
              appProtocol: kubernetes.io/h2c
              endpointPickerRef:
                name: llama-epp
                port: {number: 9002}
                failureMode: FailOpen
            status: {parents: []}
            """);

        var pool = Assert.Single(content.Pools).Object;
        Assert.Equal(
            new PoolSpec
            {
                Namespace = "models",
                Name = "llama",
                TargetPorts = [8000, 8001],
                AppProtocol = "kubernetes.io/h2c",
                EndpointPicker = new("llama-epp", 9002),
                FailureMode = FailureMode.FailOpen,
            },
            pool.Spec);
        Assert.Equal("app=vllm,llm-d.ai/model=70", pool.Selector.ToString());
    }

    [Fact]
    public void Read_PoolV1Alpha2_GivesTheSameForm()
    {
        var content = Good("""
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferencePool
            metadata: {name: llama}
            spec:
              selector: {app: vllm}
              targetPortNumber: 8000
              extensionRef: {name: llama-epp, portNumber: 9100}
            """);

        var pool = Assert.Single(content.Pools).Object;
        Assert.Equal("here/llama", pool.Spec.Key);
        Assert.Equal("inference.networking.x-k8s.io", pool.Spec.Group);
        Assert.Equal([8000], pool.Spec.TargetPorts.ToArray());
        Assert.Equal(new EndpointPickerRef("llama-epp", 9100), pool.Spec.EndpointPicker);
        Assert.Equal("app=vllm", pool.Selector.ToString());
    }

    [Fact]
    public void Read_PoolWithoutPicker_IsTaken() => Assert.Null(Assert.Single(Good(PoolWith("")).Pools).Object.Spec.EndpointPicker);

    [Fact]
    public void Read_PoolBeingDeleted_IsLeftOut() =>
        Assert.Empty(Good(PoolWith("").Replace("{name: p}", "{name: p, deletionTimestamp: \"2025-01-01T00:00:00Z\"}", StringComparison.Ordinal)).Pools);

    [Theory]
    [InlineData(true, "podIP: 10.0.0.1")]
    [InlineData(true, "podIP: 10.0.0.1, conditions: []")]
    [InlineData(true, "podIP: 10.0.0.1, conditions: [{type: Ready, status: \"True\"}]")]
    [InlineData(false, "podIP: 10.0.0.1, conditions: [{type: Ready, status: \"False\"}]")]
    [InlineData(false, "podIP: 10.0.0.1, conditions: [{type: PodScheduled, status: \"True\"}]")]
    [InlineData(false, "phase: Pending")]
    public void Read_Pod_ReadyByItsConditions(bool ready, string status)
    {
        var pod = Assert.Single(Good($"{{apiVersion: v1, kind: Pod, metadata: {{name: a, labels: {{app: x}}}}, spec: {{containers: []}}, status: {{{status}}}}}").Pods).Object;

        Assert.Equal(ready, pod.Ready);
        Assert.Equal("x", pod.Labels["app"]);
    }

    [Fact]
    public void Read_SeveralDocuments_AllAreRead()
    {
        var content = Good("---\n# nothing\n---\n" + Pod("a") + "---\n" + Pod("b") + "...\n---\n" + PoolWith(""));

        Assert.Equal(["a", "b"], content.Pods.Select(pod => pod.Object.Name));
        Assert.Single(content.Pools);
    }

    [Fact]
    public void Read_Lists_AreUnpacked()
    {
        var content = Good("""
            apiVersion: v1
            kind: List
            metadata: {resourceVersion: ""}
            items:
            - {apiVersion: v1, kind: Pod, metadata: {name: a}}
            - {apiVersion: v1, kind: Service, metadata: {name: s}}
            ---
            apiVersion: v1
            kind: PodList
            items:
            - metadata: {name: b}
            """);

        Assert.Equal(["a", "b"], content.Pods.Select(pod => pod.Object.Name));
    }

    [Fact]
    public void Read_Json_IsYaml() =>
        Assert.Single(Good("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"n":"1"}},"status":{"podIP":"10.0.0.1"}}""").Pods);

    [Fact]
    public void Read_OtherKinds_AreIgnoredWithAnInfo()
    {
        var (content, issues) = ManifestReader.Read("f.yaml", "apiVersion: apps/v1\nkind: Deployment\nanything: [1, 2]\n", "here");

        Assert.NotNull(content);
        Assert.Equal(new YamlIssue(IssueLevel.Info, "f.yaml", 1, 1, "Deployment of apps/v1 is of no use here and ignored"), Assert.Single(issues));
    }

    [Theory]
    [InlineData("spec", "f.yaml:7:3: unknown field spec.targetPort is ignored", "  targetPort: 5")]
    [InlineData("selector", "f.yaml:7:5: unknown field spec.selector.matchExpressions is ignored", "    matchExpressions: []")]
    public void Read_UnknownField_IsAWarningWithItsPlace(string where, string expected, string line)
    {
        var text = $"""
            apiVersion: inference.networking.k8s.io/v1
            kind: InferencePool
            metadata: {"{name: p}"}
            spec:
              selector:
                matchLabels: {"{a: b}"}
            {(where == "selector" ? line + "\n" : "")}{(where == "spec" ? line + "\n" : "")}  targetPorts: [{"{number: 8000}"}]
            """;
        var (content, issues) = ManifestReader.Read("f.yaml", text, "here");

        Assert.NotNull(content);
        var issue = Assert.Single(issues);
        Assert.Equal(IssueLevel.Warning, issue.Level);
        Assert.Equal(expected, issue.ToString());
    }

    [Theory]
    [InlineData("f.yaml:3:21: spec.targetPorts[].number must be a port (1 to 65535), not the number 70000", "[{number: 70000}]")]
    [InlineData("f.yaml:3:21: spec.targetPorts[].number must be a port (1 to 65535), not the number 0", "[{number: 0}]")]
    [InlineData("f.yaml:3:21: spec.targetPorts[].number must be a port (1 to 65535), not \"8000\"", "[{number: \"8000\"}]")]
    [InlineData("f.yaml:3:11: spec.targetPorts must have 1 to 8 ports, not 9", "[{number: 1}, {number: 2}, {number: 3}, {number: 4}, {number: 5}, {number: 6}, {number: 7}, {number: 8}, {number: 9}]")]
    [InlineData("f.yaml:3:11: spec.targetPorts must have 1 to 8 ports, not 0", "[]")]
    [InlineData("f.yaml:3:25: spec.targetPorts: port 1 is given twice", "[{number: 1}, {number: 1}]")]
    [InlineData("f.yaml:3:11: spec.targetPorts must be a list, not \"all\"", "all")]
    [InlineData("f.yaml:3:12: spec.targetPorts[] must be a mapping, not the number 8000", "[8000]")]
    [InlineData("f.yaml:3:12: spec.targetPorts[].number is missing", "[{}]")]
    [InlineData("f.yaml:2:7: spec.targetPorts is missing", "null")]
    public void Read_WrongTargetPorts_IsAnErrorWithItsPlace(string expected, string ports) =>
        AssertError(expected, "{apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, metadata: {name: p},\nspec: {selector: {matchLabels: {a: b}}, targetPorts:\n          " + ports + "}}");

    [Theory]
    [InlineData("f.yaml:2:20: the selector must have 1 to 64 labels, not 0", "{matchLabels: {}}")]
    [InlineData("f.yaml:2:6: spec.selector.matchLabels is missing", "{}")]
    [InlineData("f.yaml:2:6: spec.selector must be a mapping, not \"app=x\"", "app=x")]
    [InlineData("f.yaml:2:24: spec.selector.matchLabels[a] must be text, not the number 1; quote it", "{matchLabels: {a: 1}}")]
    [InlineData("f.yaml:2:24: spec.selector.matchLabels[a] must be text, not the truth value true; quote it", "{matchLabels: {a: true}}")]
    [InlineData("f.yaml:2:24: \"b c\" is no label's value", "{matchLabels: {a: b c}}")]
    [InlineData("f.yaml:2:21: \"a/b/c\" is no label's name", "{matchLabels: {a/b/c: x}}")]
    public void Read_WrongSelector_IsAnErrorWithItsPlace(string expected, string selector) =>
        AssertError(expected, "{apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, metadata: {name: p}, spec: {targetPorts: [{number: 1}], selector:\n     " + selector + "}}");

    [Theory]
    [InlineData("f.yaml:1:1: kind is missing", "apiVersion: v1\n")]
    [InlineData("f.yaml:1:1: apiVersion is missing", "kind: Pod\n")]
    [InlineData("f.yaml:1:1: an object must be a mapping, not a list", "- a\n")]
    [InlineData("f.yaml:1:1: metadata is missing", "apiVersion: v1\nkind: Pod\n")]
    [InlineData("f.yaml:3:11: metadata.name is missing", "apiVersion: v1\nkind: Pod\nmetadata: {}\n")]
    [InlineData("f.yaml:3:18: metadata.name: \"A_b\" is no name (lower-case letters, digits, - and .)", "apiVersion: v1\nkind: Pod\nmetadata: {name: A_b}\n")]
    [InlineData("f.yaml:3:18: metadata.name must be text, not the number 12; quote it", "apiVersion: v1\nkind: Pod\nmetadata: {name: 12}\n")]
    [InlineData("f.yaml:3:33: metadata.namespace: \"a.b\" is no namespace (up to 63 lower-case letters, digits and -)", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace:  a.b}\n")]
    [InlineData("f.yaml:4:18: status.podIP: \"10.0.0\" is no IP address", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nstatus: {podIP:  10.0.0}\n")]
    [InlineData("f.yaml:4:17: status.podIP: \"ten\" is no IP address", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nstatus: {podIP: ten}\n")]
    [InlineData("f.yaml:1:1: InferencePool of inference.networking.k8s.io/v2 is not known; inference.networking.k8s.io/v1 and inference.networking.x-k8s.io/v1alpha2 are", "apiVersion: inference.networking.k8s.io/v2\nkind: InferencePool\nmetadata: {name: a}\n")]
    [InlineData("f.yaml:1:67: spec is missing", "                                                                  {apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, metadata: {name: a}}")]
    public void Read_WrongObject_IsAnErrorWithItsPlace(string expected, string text) => AssertError(expected, text);

    [Fact]
    public void Read_PickerWithoutPort_IsAnErrorUnlessItIsNoService()
    {
        AssertError("f.yaml:8:22: port is required when kind is 'Service' or unspecified (defaults to 'Service')", PoolWith("endpointPickerRef: {name: epp}"));
        Assert.Null(Assert.Single(Good(PoolWith("endpointPickerRef: {name: epp, kind: Other}")).Pools).Object.Spec.EndpointPicker);
    }

    [Fact]
    public void Read_WrongFailureMode_IsAnError() =>
        AssertError("f.yaml:8:66: spec.endpointPickerRef.failureMode must be FailOpen or FailClose, not \"Open\"", PoolWith("endpointPickerRef: {name: epp, port: {number: 1}, failureMode: Open}"));

    [Fact]
    public void Read_ObjectTwiceInAFile_IsAnError() => AssertError("f.yaml:6:1: Pod here/a is given twice, first in line 1", Pod("a") + "---\n" + Pod("a"));

    [Theory]
    [InlineData("f.yaml:1:6: not valid YAML after here", "a: [1, 2\nb: c\n")]
    [InlineData("f.yaml:2:1: not valid YAML: \"a\" is given twice", "a: 1\na: 2\n")]
    [InlineData("f.yaml:1:4: not valid YAML: no anchor x before this alias", "a: *x\n")]
    [InlineData("f.yaml:1:1: not valid YAML: ", "a:\n\tb: c\n")]
    [InlineData("f.yaml:2:3: not valid YAML: a NUL character", "a: b\nc:\0 d\n")]
    public void Read_NoYaml_IsAnErrorWithItsPlace(string expected, string text)
    {
        var (content, issues) = ManifestReader.Read("f.yaml", text, "here");

        Assert.Null(content);
        Assert.StartsWith(expected, Assert.Single(issues).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NestedDeeply_IsAnErrorAndNoStackOverflow()
    {
        var (content, issues) = ManifestReader.Read("f.yaml", "a: " + new string('[', 100_000), "here");

        Assert.Null(content);
        Assert.Contains("nested more than 64 deep", Assert.Single(issues).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AliasesOfAliases_TakeNoTime()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        var (content, issues) = ManifestReader.Read("f.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n" + bomb, "here");

        Assert.NotNull(content);
        Assert.Equal(31, issues.Count);
    }

    [Fact]
    public void Read_MutatedManifests_NeverThrows()
    {
        var random = new Random(20250101);
        var sample = Pod("a") + "---\n" + PoolWith("endpointPickerRef: {name: &n \"epp\", port: {number: 1}} # note") + "---\n- *n\n- |\n  text\n- ? x\n  : y\n";
        const string alphabet = "\0\t\n \"'#&*-:?[]{}|>%@!,a1~\\\u00e9\u2028";
        for (var i = 0; i < 5000; i++)
        {
            var text = sample.ToCharArray().ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(text.Count);
                switch (random.Next(3))
                {
                    case 0:
                        text.RemoveAt(at);
                        break;
                    case 1:
                        text.Insert(at, alphabet[random.Next(alphabet.Length)]);
                        break;
                    default:
                        text.RemoveRange(at, random.Next(text.Count - at));
                        text.Add('x');
                        break;
                }
            }

            var (content, issues) = ManifestReader.Read("f.yaml", new string([.. text]), "here");
            Assert.Equal(content is null, issues.Any(issue => issue.Level == IssueLevel.Error));
        }
    }

    [Fact]
    public void Read_WrongEverywhere_ListsOnlyTheFirstFindings()
    {
        var (_, issues) = ManifestReader.Read("f.yaml", string.Concat(Enumerable.Range(0, 1000).Select(_ => "---\nkind: Pod\n")), "here");

        Assert.Equal(51, issues.Count);
        Assert.Contains("only the first 50", issues[^1].Message, StringComparison.Ordinal);
    }

    private static string Pod(string name) => $"apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n";

    private static string PoolWith(string line) => $"""
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {"{name: p}"}
        spec:
          selector: {"{matchLabels: {a: b}}"}
          targetPorts:
          - number: 8000
          {line}

        """;

    private static ManifestContent Good(string text)
    {
        var (content, issues) = ManifestReader.Read("f.yaml", text, "here");
        Assert.DoesNotContain(issues, issue => issue.Level != IssueLevel.Info);
        return content!;
    }

    private static void AssertError(string expected, string text)
    {
        var (content, issues) = ManifestReader.Read("f.yaml", text, "here");
        Assert.Null(content);
        Assert.Equal(expected, Assert.Single(issues).ToString());
    }
}
