using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Parameters of <c>prefix-based-pd-decider</c>, with the reference picker's names and defaults.</summary>
public sealed record PrefixBasedPdDeciderParameters
{
    /// <summary>Tokens that the decode server does not hold from which on a prompt is split off; 0 splits none.</summary>
    [Range(0, int.MaxValue)]
    [Description("Tokens that the decode server does not have cached from which on a prompt gets a server of its own; 0 splits none off.")]
    public int NonCachedTokens { get; init; }

    /// <summary>Shortest prompt that is split off.</summary>
    [Range(0, int.MaxValue)]
    [Description("Shortest prompt, in tokens, that gets a server of its own.")]
    public int PromptTokens { get; init; }
}
