using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Saturation;

/// <summary>Says how full a pool is: whether requests that may be shed are.</summary>
/// <remarks>One instance serves all requests of all threads.</remarks>
public interface ISaturationDetector
{
    /// <summary>From 0 (idle) on; from 1 on the servers are saturated. No servers: 1. Allocates nothing.</summary>
    /// <param name="servers">The servers that the request may use, as indexes into the view.</param>
    double Saturation(in PickContext context, ReadOnlySpan<int> servers);
}
