using System.Collections.Immutable;

namespace Orleans.Inference.Picking.Configuration;

/// <summary><c>flowControl</c> of a configuration. What is null has the reference picker's default.</summary>
/// <remarks>Immutable.</remarks>
public sealed record FlowControlSection
{
    /// <summary>Bytes of all requests that wait.</summary>
    public ByteSize? MaxBytes { get; init; }

    /// <summary>Requests that wait.</summary>
    public ByteSize? MaxRequests { get; init; }

    /// <summary>Longest wait of a request that says nothing of it; 0 waits without limit.</summary>
    public TimeSpan? DefaultRequestTTL { get; init; }

    /// <summary>The same while the pool is empty.</summary>
    public TimeSpan? NoEndpointRequestTTL { get; init; }

    /// <summary>For priorities that <see cref="PriorityBands"/> does not list.</summary>
    public PriorityBandSection? DefaultPriorityBand { get; init; }

    /// <summary>The same for priorities below 0.</summary>
    public PriorityBandSection? DefaultNegativePriorityBand { get; init; }

    /// <summary>By priority.</summary>
    public ImmutableArray<NumberedPriorityBandSection> PriorityBands { get; init; } = [];

    /// <summary>How full the pool may be for each priority.</summary>
    public PluginReference? UsageLimitPolicyPluginRef { get; init; }

    /// <summary>Says how full the pool is; counts without the gate too.</summary>
    public DetectorSlotSection? SaturationDetector { get; init; }

    /// <summary>Take requests in flight back for more important ones.</summary>
    public bool EnableEviction { get; init; }
}
