namespace Orleans.Inference.Silo.Status;

/// <summary>What <c>/api/pools</c> answers.</summary>
/// <param name="Ready">A view is warm, or has been waited for long enough: requests can be picked for.</param>
/// <param name="UptimeSeconds">Since the status page's start.</param>
internal sealed record PoolsReport(bool Ready, long UptimeSeconds, PoolReport[] Pools);
