using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary><c>always-disagg-pd-decider</c>: every request.</summary>
public sealed class AlwaysDisaggPdDecider : IDisaggregationDecider
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of("always-disagg-pd-decider", _ => new AlwaysDisaggPdDecider()) with
    {
        Summary = "Every request's prompt is processed on a server of its own.",
    };

    /// <inheritdoc/>
    public bool Disaggregate(in PickContext context, int server) => true;
}
