using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>Which pools are served.</summary>
/// <remarks>Immutable.</remarks>
internal sealed record MembershipScope
{
    /// <summary>The one pool served; null serves all.</summary>
    public string? PoolName { get; init; }

    /// <summary>Namespace of <see cref="PoolName"/> and of the pool without an object.</summary>
    public string PoolNamespace { get; init; } = "default";

    /// <summary>Of two pools with one name in different API groups, the one of this group counts.</summary>
    public string PoolGroup { get; init; } = "inference.networking.k8s.io";

    /// <summary>A pool without an InferencePool object, the only one then; null otherwise.</summary>
    public PoolObject? Standalone { get; init; }

    public static MembershipScope Of(ProcessOptions options)
    {
        var gateway = options.Gateway;
        var discovery = options.Discovery;
        var standalone = discovery.EndpointSelector is not { } selector
            ? null
            : new PoolObject(
                new() { Namespace = gateway.PoolNamespace, Name = discovery.StandalonePoolName, TargetPorts = discovery.EndpointTargetPorts },
                selector);
        return new() { PoolName = gateway.PoolName, PoolNamespace = gateway.PoolNamespace, PoolGroup = gateway.PoolGroup, Standalone = standalone };
    }
}
