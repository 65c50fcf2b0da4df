namespace Orleans.Inference.Picking.Configuration;

/// <summary>The limits of requests of one priority, in <see cref="FlowControlSection"/>.</summary>
public record PriorityBandSection
{
    /// <summary>Bytes of the requests that wait.</summary>
    public ByteSize? MaxBytes { get; init; }

    /// <summary>Requests that wait.</summary>
    public ByteSize? MaxRequests { get; init; }

    /// <summary>Chooses between flows.</summary>
    public PluginReference? FairnessPolicyRef { get; init; }

    /// <summary>Orders the requests of a flow.</summary>
    public PluginReference? OrderingPolicyRef { get; init; }
}
