using System.Globalization;
using System.Text;

namespace Orleans.Inference.Bench.Load.Runs;

/// <summary>A pool and its pods, as the picker reads them.</summary>
internal static class Manifests
{
    /// <summary>Address of the model server with that index: 127.0.1.1 and on.</summary>
    public static string Address(int index) => $"127.0.{(257 + index) / 256}.{(257 + index) % 256}";

    public static void Write(string folder, int servers, int port)
    {
        Directory.CreateDirectory(folder);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$$"""
            apiVersion: inference.networking.k8s.io/v1
            kind: InferencePool
            metadata: {name: bench, namespace: default}
            spec:
              selector: {matchLabels: {app: bench}}
              targetPorts: [{number: {{{port}}}}]
              endpointPickerRef: {name: epp, port: {number: 9002}}

            """);
        for (var i = 0; i < servers; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$$"""
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: server-{{{i}}}, namespace: default, labels: {app: bench}}
                status: {podIP: {{{Address(i)}}}}

                """);
        }

        File.WriteAllText(Path.Combine(folder, "bench.yaml"), text.ToString());
    }
}
