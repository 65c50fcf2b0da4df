namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>What a file looks like from outside.</summary>
internal readonly record struct ManifestStamp(string Target, long Length, DateTime Written);
