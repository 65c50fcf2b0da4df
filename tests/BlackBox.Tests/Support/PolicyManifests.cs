namespace Orleans.Inference.BlackBox.Tests.Support;

/// <summary>Policies of the pools of <see cref="DefaultPicker"/>.</summary>
internal static class PolicyManifests
{
    public const string All =
        """
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceObjective
        metadata: {name: batch, namespace: ns}
        spec: {priority: -1, poolRef: {name: busy} }
        ---
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceObjective
        metadata: {name: urgent, namespace: ns}
        spec: {priority: 7, poolRef: {name: busy} }
        ---
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceObjective
        metadata: {name: bare, namespace: ns}
        spec: {poolRef: {name: busy} }
        ---
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceObjective
        metadata: {name: empty-batch, namespace: ns}
        spec: {priority: -1, poolRef: {name: empty} }
        ---
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceObjective
        metadata: {name: main-batch, namespace: ns}
        spec: {priority: -3, poolRef: {name: main} }
        ---
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceObjective
        metadata: {name: main-urgent, namespace: ns}
        spec: {priority: 4, poolRef: {name: main} }
        ---
        # The younger of two rules for one model.
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceModelRewrite
        metadata: {name: a-younger, namespace: ns, creationTimestamp: "2026-02-01T00:00:00Z"}
        spec:
          poolRef: {name: main}
          rules:
          - matches: [{model: {type: Exact, value: aged} }]
            targets: [{modelRewrite: from-the-younger}]
        ---
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceModelRewrite
        metadata: {name: b-older, namespace: ns, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          poolRef: {name: main}
          rules:
          - matches: [{model: {type: Exact, value: aged} }]
            targets: [{modelRewrite: from-the-older}]
          - matches: [{model: {type: Exact, value: aged} }]
            targets: [{modelRewrite: from-the-second-rule}]
          - matches: [{model: {value: base} }, {model: {value: other-base} }]
            targets: [{modelRewrite: base-v2}]
          - matches: [{model: {type: Exact, value: base-v2} }]
            targets: [{modelRewrite: applied-twice}]
          - matches: [{model: {type: Exact, value: split} }]
            targets: [{modelRewrite: split-a, weight: 90}, {modelRewrite: split-b, weight: 10}]
          - matches: [{model: {type: Exact, value: unweighted} }]
            targets: [{modelRewrite: unweighted-a}, {modelRewrite: unweighted-b}]
          - matches: [{model: {type: Exact, value: half-weighted} }]
            targets: [{modelRewrite: half-weighted-a, weight: 1}, {modelRewrite: half-weighted-b}]
          - matches: [{model: {type: Exact, value: quoted} }]
            targets: [{modelRewrite: 'say "hi" \ é'}]
        ---
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceModelRewrite
        metadata: {name: generic-younger, namespace: ns, creationTimestamp: "2026-02-01T00:00:00Z"}
        spec:
          poolRef: {name: ranks}
          rules:
          - targets: [{modelRewrite: from-the-younger-generic}]
        ---
        apiVersion: llm-d.ai/v1alpha2
        kind: InferenceModelRewrite
        metadata: {name: generic-older, namespace: ns, creationTimestamp: "2025-01-01T00:00:00Z"}
        spec:
          poolRef: {name: ranks}
          rules:
          - targets: [{modelRewrite: generic}]
          - matches: [{model: {type: Exact, value: named} }]
            targets: [{modelRewrite: exact}]
        ---
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModel
        metadata: {name: chat, namespace: ns}
        spec:
          modelName: chat
          criticality: Critical
          targetModels: [{name: chat-v1, weight: 50}, {name: chat-v2, weight: 50}]
          poolRef: {name: legacy}
        ---
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModel
        metadata: {name: plain, namespace: ns}
        spec: {modelName: plain, poolRef: {name: legacy} }
        ---
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModel
        metadata: {name: spare, namespace: ns}
        spec: {modelName: spare, criticality: Sheddable, poolRef: {name: busy} }
        ---
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModel
        metadata: {name: needed, namespace: ns}
        spec: {modelName: needed, criticality: Critical, poolRef: {name: busy} }

        """;
}
