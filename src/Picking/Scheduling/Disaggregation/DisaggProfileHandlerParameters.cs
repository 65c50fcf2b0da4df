using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Parameters of <c>disagg-profile-handler</c>, with the reference picker's names and defaults.</summary>
public sealed record DisaggProfileHandlerParameters
{
    /// <summary>Runs the decode profile first, or the prefill profile.</summary>
    [AllowedValues(DisaggProfileHandler.DecodeFirst, DisaggProfileHandler.PrefillFirst)]
    [Description("Order of the stages: decode, encode, prefill; or prefill, encode, decode, where every request's prompt gets a server of its own.")]
    public string StageOrder { get; init; } = DisaggProfileHandler.DecodeFirst;

    /// <summary>The stages' profiles.</summary>
    public DisaggProfileNames Profiles { get; init; } = new();

    /// <summary>The stages' deciders.</summary>
    public DisaggDeciders Deciders { get; init; } = new();
}
