using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Pickers;

/// <summary>Parameters of the pickers.</summary>
public sealed record PickerParameters
{
    /// <summary>How many servers are picked: the first is the destination, the others are the gateway's fallbacks.</summary>
    [Description("How many servers are picked, at most 16: the first is the destination, the others are the gateway's fallbacks. Less counts as 1, and more as 16.")]
    public int MaxNumOfEndpoints { get; init; } = 1;

    /// <summary>The number, checked.</summary>
    internal int Checked(PluginContext context)
    {
        var counts = Math.Clamp(MaxNumOfEndpoints, 1, PickScratch.MaxPicks);
        if (counts != MaxNumOfEndpoints)
        {
            context.Warn("maxNumOfEndpoints", $"maxNumOfEndpoints must be 1 to {PickScratch.MaxPicks}, not {MaxNumOfEndpoints}: {counts} counts instead");
        }

        return counts;
    }
}
