using System.Collections.Immutable;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>Where pools and their pods come from.</summary>
public sealed class DiscoveryOptions
{
    /// <summary>File or folder of Kubernetes-shaped YAML, <c>--manifests</c>; null asks the Kubernetes API server.</summary>
    public string? Manifests { get; set; }

    /// <summary>Pods of a pool without an InferencePool object, <c>--endpoint-selector</c>; null without.</summary>
    public LabelSelector? EndpointSelector { get; set; }

    /// <summary>Ports of those pods, <c>--endpoint-target-ports</c>; 1 to 8 with a selector.</summary>
    public ImmutableArray<int> EndpointTargetPorts { get; set; } = [];

    /// <summary>Name of that pool: the pod's deployment (<c>POD_NAME</c> without its last two parts), or <c>standalone</c>.</summary>
    public string StandalonePoolName { get; set; } = "standalone";
}
