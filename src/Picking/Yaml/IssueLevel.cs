namespace Orleans.Inference.Picking.Yaml;

/// <summary>How much a finding in a YAML file matters.</summary>
internal enum IssueLevel
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Probably a mistake; the file is applied all the same.</summary>
    Warning,

    /// <summary>The file is not applied.</summary>
    Error,
}
