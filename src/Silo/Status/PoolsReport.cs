namespace Orleans.Inference.Silo.Status;

/// <summary>What <c>/api/pools</c> answers.</summary>
/// <param name="Ready">The view is warm: requests can be picked for as well as ever.</param>
/// <param name="UptimeSeconds">Since the status page's start.</param>
internal sealed record PoolsReport(bool Ready, long UptimeSeconds, PoolReport[] Pools);
