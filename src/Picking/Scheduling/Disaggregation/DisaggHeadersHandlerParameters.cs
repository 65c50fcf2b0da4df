using System.ComponentModel;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Parameters of <c>disagg-headers-handler</c>, with the reference picker's names and defaults.</summary>
public sealed record DisaggHeadersHandlerParameters
{
    /// <summary>Its pick is named in <c>x-prefiller-host-port</c>.</summary>
    [Description("The profile whose pick `x-prefiller-host-port` names.")]
    public string PrefillProfile { get; init; } = "prefill";

    /// <summary>Its picks are named in <c>x-encoder-hosts-ports</c>.</summary>
    [Description("The profile whose picks `x-encoder-hosts-ports` names.")]
    public string EncodeProfile { get; init; } = "encode";
}
