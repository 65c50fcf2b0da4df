namespace Orleans.Inference.Silo.Discovery;

/// <summary>Names an InferencePool (<c>spec.poolRef</c>).</summary>
internal sealed record PoolReference(string Group, string Name);
