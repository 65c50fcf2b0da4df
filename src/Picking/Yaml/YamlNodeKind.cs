namespace Orleans.Inference.Picking.Yaml;

/// <summary>What a value of a YAML file is.</summary>
internal enum YamlNodeKind
{
    Null,
    Text,
    Integer,
    Float,
    Boolean,
    Mapping,
    Sequence,
}
