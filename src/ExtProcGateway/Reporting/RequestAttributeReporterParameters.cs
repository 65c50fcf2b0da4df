using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.ExtProcGateway.Reporting;

/// <summary>Parameters of <c>request-attribute-reporter</c>, with the reference picker's names and defaults.</summary>
public sealed record RequestAttributeReporterParameters
{
    /// <summary>Exactly one.</summary>
    [Required]
    [MinLength(1)]
    public ImmutableArray<ReportedAttribute> Attributes { get; init; } = [];
}
