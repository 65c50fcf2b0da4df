using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Parameters of <c>data-parallel-profile-handler</c>, with the reference picker's names and defaults.</summary>
public sealed record DataParallelProfileHandlerParameters
{
    /// <summary>The port that requests go to.</summary>
    [Range(1, 65535)]
    [Description("The port that requests go to, whichever rank of the pod is picked.")]
    public int PrimaryPort { get; init; } = 8000;
}
