namespace Orleans.Runtime;

/// <summary>The result of a method without one.</summary>
[GenerateSerializer, Immutable]
internal readonly struct NoResult;
