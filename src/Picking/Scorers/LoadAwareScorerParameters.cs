using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>Parameters of <c>load-aware-scorer</c>, with the reference picker's names and defaults.</summary>
public sealed record LoadAwareScorerParameters
{
    /// <summary>Requests waiting from which more makes no difference.</summary>
    [Range(0, int.MaxValue, MinimumIsExclusive = true)]
    [ElseDefault]
    [Description("Requests waiting at which the score is 0.")]
    public int Threshold { get; init; } = LoadAwareScorer.DefaultThreshold;
}
