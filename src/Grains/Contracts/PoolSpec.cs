using System.Collections.Immutable;

namespace Orleans.Inference.Grains.Contracts;

/// <summary>What an InferencePool says of itself, without its model servers.</summary>
/// <remarks>Immutable; two are equal when all they say is.</remarks>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.PoolSpec")]
public sealed record PoolSpec
{
    /// <summary>Namespace of the pool.</summary>
    [Id(0)]
    public required string Namespace { get; init; }

    /// <summary>Name of the pool.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>API group, such as <c>inference.networking.k8s.io</c>.</summary>
    [Id(2)]
    public string Group { get; init; } = "inference.networking.k8s.io";

    /// <summary>Ports of each pod that serve a model, in the order of their ranks.</summary>
    [Id(3)]
    public ImmutableArray<int> TargetPorts { get; init; } = [];

    /// <summary>The picker's service; null where the pool names none.</summary>
    [Id(4)]
    public EndpointPickerRef? EndpointPicker { get; init; }

    /// <summary>What the proxy does when the picker can't be asked.</summary>
    [Id(5)]
    public FailureMode FailureMode { get; init; } = FailureMode.FailClose;

    /// <summary>Application protocol of the target ports (<c>http</c>, <c>kubernetes.io/h2c</c>); null where the pool names none.</summary>
    [Id(6)]
    public string? AppProtocol { get; init; }

    /// <summary><c>namespace/name</c>: the key of the pool's grain and its name everywhere.</summary>
    public string Key => $"{Namespace}/{Name}";

    /// <inheritdoc/>
    public bool Equals(PoolSpec? other) =>
        other is not null
        && Namespace == other.Namespace
        && Name == other.Name
        && Group == other.Group
        && FailureMode == other.FailureMode
        && AppProtocol == other.AppProtocol
        && EndpointPicker == other.EndpointPicker
        && TargetPorts.AsSpan().SequenceEqual(other.TargetPorts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Namespace, Name, Group, EndpointPicker, FailureMode, AppProtocol, TargetPorts.IsDefault ? 0 : TargetPorts.Length);
}
