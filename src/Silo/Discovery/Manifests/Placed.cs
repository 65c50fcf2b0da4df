namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>An object, and where it is written.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Key">Unique among the objects of its kind.</param>
internal sealed record Placed<T>(T Object, string Key, string File, long Line, long Column);
