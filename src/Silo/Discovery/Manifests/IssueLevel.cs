namespace Orleans.Inference.Silo.Discovery.Manifests;

/// <summary>How much a finding about a manifest matters.</summary>
internal enum IssueLevel
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Probably a mistake; the file is applied all the same.</summary>
    Warning,

    /// <summary>The file is not applied.</summary>
    Error,
}
