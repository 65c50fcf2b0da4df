using System.Globalization;
using System.Net;

namespace Orleans.Inference.TestKit;

/// <summary>A folder of Kubernetes-shaped manifests for <c>--manifests</c>, deleted with its disposal.</summary>
public sealed class ManifestFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("manifests-").FullName;

    /// <summary>An InferencePool (v1) that selects the pods with the label <c>app</c> = <paramref name="name"/>.</summary>
    /// <param name="service">The Service that <c>endpointPickerRef</c> names.</param>
    public void WritePool(string name, IReadOnlyList<int> targetPorts, string @namespace = "default", string service = "epp", int servicePort = 9002)
    {
        ArgumentNullException.ThrowIfNull(targetPorts);
        var ports = string.Join(", ", targetPorts.Select(port => string.Create(CultureInfo.InvariantCulture, $"{{number: {port}}}")));
        Write($"pool-{@namespace}-{name}.yaml", $$"""
            apiVersion: inference.networking.k8s.io/v1
            kind: InferencePool
            metadata: {name: {{name}}, namespace: {{@namespace}}}
            spec:
              selector: {matchLabels: {app: {{name}} } }
              targetPorts: [{{ports}}]
              endpointPickerRef: {name: {{service}}, port: {number: {{servicePort}} } }

            """);
    }

    /// <summary>A pod of a pool.</summary>
    /// <param name="ready">Its condition Ready; null for a pod without conditions.</param>
    /// <param name="labels">Further labels, as YAML writes them between braces: <c>role: decode, tier: gold</c>.</param>
    public void WritePod(string name, IPAddress address, string pool, string @namespace = "default", bool? ready = null, string labels = "")
    {
        var conditions = ready is { } value ? $", conditions: [{{type: Ready, status: \"{(value ? "True" : "False")}\"}}]" : "";
        Write($"pod-{@namespace}-{name}.yaml", $$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: {{name}}, namespace: {{@namespace}}, labels: {app: {{pool}}{{(labels.Length == 0 ? "" : ", " + labels)}} } }
            status: {podIP: {{address}}{{conditions}} }

            """);
    }

    /// <summary>Takes a pod away.</summary>
    public void DeletePod(string name, string @namespace = "default") => File.Delete(System.IO.Path.Combine(Path, $"pod-{@namespace}-{name}.yaml"));

    /// <summary>Any file, put in its place whole, as a careful operator does.</summary>
    public void Write(string file, string text)
    {
        var temporary = System.IO.Path.Combine(Path, "." + file + ".tmp");
        File.WriteAllText(temporary, text);
        File.Move(temporary, System.IO.Path.Combine(Path, file), overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
