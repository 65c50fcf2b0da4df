using System.Globalization;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Saturation;

/// <summary><c>headroom</c> of the detectors.</summary>
internal static class Headroom
{
    /// <summary>A headroom above 1 lets servers have more than twice their limit: 20 is meant as 20 %, perhaps.</summary>
    public static void Check(double headroom, PluginContext context)
    {
        if (headroom > 1)
        {
            context.Warn("headroom", string.Create(CultureInfo.InvariantCulture, $"headroom is {headroom}: as a filter it keeps servers up to {1 + headroom} times the limits. It is a part of 1, not a percentage"));
        }
    }
}
