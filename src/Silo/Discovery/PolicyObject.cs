using Orleans.Inference.Silo.Discovery.Manifests;

namespace Orleans.Inference.Silo.Discovery;

/// <summary>An InferenceModel, InferenceObjective or InferenceModelRewrite: what requests are worth and which model serves them.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="ApiVersion"><c>group/version</c>.</param>
/// <param name="Spec">As it was written; null where it has none.</param>
internal sealed record PolicyObject(string Kind, string ApiVersion, string Namespace, string Name, ManifestNode? Spec);
