using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Picker;

/// <summary>The pools of these tests: one with model servers, one without.</summary>
internal static class PickerManifests
{
    /// <summary>As Istio names the picker of the pool that has model servers.</summary>
    public const string Authority = "outbound|9002||epp.ns.svc.cluster.local";

    /// <summary>The same service without Istio.</summary>
    public const string PlainAuthority = "epp.ns:9002";

    /// <summary>Names the picker of the pool that has none.</summary>
    public const string EmptyPoolAuthority = "epp-empty.ns.svc:9002";

    /// <summary>Names no pool.</summary>
    public const string UnknownAuthority = "nobody.elsewhere.svc.cluster.local:9002";

    /// <summary>Starts a picker with these pools and waits until it picks.</summary>
    public static Task<PickerProcess> StartPickerAsync(IReadOnlyList<int> modelServerPorts, bool tls = false, params string[] flags) =>
        StartPickerAsync(Write(modelServerPorts), tls, flags);

    /// <summary>Starts a picker with the pools of a text and waits until it picks.</summary>
    public static Task<PickerProcess> StartPickerAsync(string text, bool tls = false, params string[] flags)
    {
        var manifests = new ManifestFolder();
        manifests.Write("pools.yaml", text);
        return PickerProcess.StartAsync(manifests, PlainAuthority, tls, flags);
    }

    /// <summary>All model servers have one address and a port each: every pod says by annotation which of the pool's ports is its own.</summary>
    public static string Write(IReadOnlyList<int> modelServerPorts) =>
        $$"""
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: pool, namespace: ns}
        spec:
          selector: {matchLabels: {app: model} }
          targetPorts: [{{string.Join(", ", modelServerPorts.Select(port => $"{{number: {port}}}"))}}]
          endpointPickerRef: {name: epp, port: {number: 9002} }
        ---
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: empty, namespace: ns}
        spec:
          selector: {matchLabels: {app: nothing} }
          targetPorts: [{number: 8000}]
          endpointPickerRef: {name: epp-empty, port: {number: 9002} }

        """ + string.Concat(modelServerPorts.Select((port, index) =>
        $$"""
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: model-{{index}}
          namespace: ns
          labels: {app: model}
          annotations: {llm-d.ai/active-ports: "{{port}}"}
        status: {podIP: 127.0.0.1}

        """));
}
