using System.Collections.Frozen;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>What of an object's <c>metadata</c> matters here.</summary>
/// <remarks>Immutable.</remarks>
internal sealed record ObjectMetadata(string Namespace, string Name, FrozenDictionary<string, string> Labels, FrozenDictionary<string, string> Annotations, bool Deleting);
