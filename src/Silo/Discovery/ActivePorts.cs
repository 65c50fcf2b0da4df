using System.Globalization;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>The annotation by which a pod says which of the pool's ports it serves.</summary>
internal static class ActivePorts
{
    private const string Annotation = "llm-d.ai/active-ports";
    private const string OlderAnnotation = "inference.networking.k8s.io/active-ports";

    /// <summary>The ports; null where the pod says nothing, which means all. Entries that are no numbers are passed over.</summary>
    public static HashSet<int>? Of(PodObject pod)
    {
        if (!pod.Annotations.TryGetValue(Annotation, out var text) && !pod.Annotations.TryGetValue(OlderAnnotation, out text))
        {
            return null;
        }

        var ports = new HashSet<int>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            {
                ports.Add(port);
            }
        }

        return ports;
    }
}
