namespace Orleans.Inference.Interop.Tests.Picker;

/// <summary>What <see cref="InteropSystem"/> has beside the pools of <see cref="PickerManifests"/>.</summary>
internal static class InteropManifests
{
    /// <summary>Names the picker of a pool of which one model server lives and another can't be connected to.</summary>
    public const string HalfDeadAuthority = "epp-half-dead.ns.svc:9002";

    /// <summary>An objective whose requests are shed when their servers are saturated.</summary>
    public const string Sheddable = "batch";

    /// <summary>A model that is served under a longer name.</summary>
    public const string ShortModel = "short";

    /// <summary>What <see cref="ShortModel"/> is served as.</summary>
    public const string ShortModelTarget = "a-name-that-is-longer-than-the-one-in-the-request";

    /// <summary>A model that is served under a shorter name.</summary>
    public const string LongModel = "a-name-that-is-longer-than-the-one-it-is-served-as";

    /// <summary>What <see cref="LongModel"/> is served as.</summary>
    public const string LongModelTarget = "brief";

    public static string Write(IReadOnlyList<int> modelServerPorts, int deadPort) =>
        $$"""
        {{PickerManifests.Write(modelServerPorts)}}
        ---
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceObjective
        metadata: {name: {{Sheddable}}, namespace: ns}
        spec: {priority: -1, poolRef: {name: pool} }
        ---
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceModelRewrite
        metadata: {name: renamed, namespace: ns}
        spec:
          poolRef: {name: pool}
          rules:
          - matches: [{model: {type: Exact, value: {{ShortModel}}} }]
            targets: [{modelRewrite: {{ShortModelTarget}}}]
          - matches: [{model: {type: Exact, value: {{LongModel}}} }]
            targets: [{modelRewrite: {{LongModelTarget}}}]
        ---
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: half-dead, namespace: ns}
        spec:
          selector: {matchLabels: {app: half-dead} }
          targetPorts: [{number: {{modelServerPorts[0]}}}, {number: {{deadPort}}}]
          endpointPickerRef: {name: epp-half-dead, port: {number: 9002} }
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: living-and-dead, namespace: ns, labels: {app: half-dead} }
        status: {podIP: 127.0.0.1}

        """;
}
