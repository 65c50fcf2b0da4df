using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>Parameters of <c>static-usage-limit-policy</c>.</summary>
public sealed record StaticUsageLimitParameters
{
    /// <summary>Saturation from which requests wait.</summary>
    [Range(0, double.MaxValue)]
    [ElseDefault]
    [Description("Saturation from which requests wait.")]
    public double Threshold { get; init; } = 1;
}
