using System.Collections.Frozen;

namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>What of an object's <c>metadata</c> matters here.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Created">The beginning of time where it does not say.</param>
internal sealed record ObjectMetadata(string Namespace, string Name, FrozenDictionary<string, string> Labels, FrozenDictionary<string, string> Annotations, DateTimeOffset Created, bool Deleting);
