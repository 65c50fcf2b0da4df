namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>What a node of a manifest is.</summary>
internal enum ManifestNodeKind
{
    Null,
    Text,
    Integer,
    Float,
    Boolean,
    Mapping,
    Sequence,
}
