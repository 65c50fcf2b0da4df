using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.ExtProcGateway.Reporting;

/// <summary>What <c>request-attribute-reporter</c> tells the proxy.</summary>
public sealed record ReportedAttribute
{
    /// <summary>Where it goes.</summary>
    [Required]
    public ReportedAttributeKey Key { get; init; } = new();

    /// <summary>Its value.</summary>
    [Required]
    [Description("CEL for the value, a number: `usage.prompt_tokens`, `usage.completion_tokens`, `usage.total_tokens`, `usage.prompt_tokens_details.cached_tokens` (or `input_tokens`, `output_tokens`, `input_tokens_details`), `has()`, `int()`, `double()`, numbers, `+ - * /`, comparisons, `! && ||`, `? :`. Nothing else of CEL.")]
    public string Expression { get; init; } = "";

    /// <summary>Whether it is told.</summary>
    [Description("CEL for whether it is told, a truth value; without it always.")]
    public string Condition { get; init; } = "";
}
