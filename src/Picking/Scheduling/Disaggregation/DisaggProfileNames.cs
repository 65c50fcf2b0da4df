using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Which profile picks the servers of which stage.</summary>
public sealed record DisaggProfileNames
{
    /// <summary>Picks the server that answers.</summary>
    [ElseDefault(Only = "")]
    [Description("The profile that picks the server that answers.")]
    public string Decode { get; init; } = "decode";

    /// <summary>Picks the server that processes the prompt.</summary>
    [ElseDefault(Only = "")]
    [Description("The profile that picks the server that processes the prompt; need not be there.")]
    public string Prefill { get; init; } = "prefill";

    /// <summary>Picks the servers that encode images, sounds and films.</summary>
    [ElseDefault(Only = "")]
    [Description("The profile that picks the servers that encode images, sounds and films; need not be there.")]
    public string Encode { get; init; } = "encode";
}
