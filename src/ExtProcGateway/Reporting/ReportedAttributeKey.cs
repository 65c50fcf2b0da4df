using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.ExtProcGateway.Reporting;

/// <summary>Where in the dynamic metadata a value goes.</summary>
public sealed record ReportedAttributeKey
{
    /// <summary>The metadata's namespace.</summary>
    [Description("Namespace of the dynamic metadata.")]
    public string Namespace { get; init; } = "envoy.lb";

    /// <summary>The name within.</summary>
    [Required]
    [Description("Name within the namespace.")]
    public string Name { get; init; } = "";
}
