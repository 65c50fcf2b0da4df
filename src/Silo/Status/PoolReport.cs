namespace Orleans.Inference.Silo.Status;

/// <summary>One pool in the report.</summary>
/// <param name="Pool"><c>namespace/name</c>.</param>
/// <param name="Known">Discovery has found it.</param>
/// <param name="Warm">Its view has figures.</param>
/// <param name="Version">Of the view; grows with each change.</param>
/// <param name="Picker">The service that the pool names as its picker.</param>
/// <param name="Policies">What requests are worth and which models serve them.</param>
internal sealed record PoolReport(string Pool, bool Known, bool Warm, long Version, int[] TargetPorts, string? Picker, PoliciesReport Policies, ModelServerReport[] Servers);
