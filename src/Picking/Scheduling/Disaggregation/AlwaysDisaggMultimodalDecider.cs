using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary><c>always-disagg-multimodal-decider</c>: every request with images, sounds or films.</summary>
public sealed class AlwaysDisaggMultimodalDecider : IDisaggregationDecider
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of("always-disagg-multimodal-decider", _ => new AlwaysDisaggMultimodalDecider()) with
    {
        Summary = "Images, sounds and films of every request that has some are encoded on servers of their own.",
        Consumes = PluginData.Tokens,
    };

    /// <inheritdoc/>
    public bool Disaggregate(in PickContext context, int server) => context.Request.HasMultiModal;
}
