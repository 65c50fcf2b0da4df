using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>Who decides which stages of a request are split off.</summary>
public sealed record DisaggDeciders
{
    /// <summary>Decides on the prompt.</summary>
    [Description("The decider that says which prompts get a server of their own; without one none does in decode-first order.")]
    public PluginReference? Prefill { get; init; }

    /// <summary>Decides on images, sounds and films.</summary>
    [Description("The decider that says which requests' images, sounds and films get servers of their own; without one none do.")]
    public PluginReference? Encode { get; init; }
}
