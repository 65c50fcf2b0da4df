using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary>
/// <c>prefix-based-pd-decider</c>: a prompt of at least <c>promptTokens</c> of which the decode server lacks at least <c>nonCachedTokens</c>, which are the prompt's tokens less those of the
/// blocks that it holds.
/// </summary>
public sealed class PrefixBasedPdDecider(int nonCachedTokens, int promptTokens) : IDisaggregationDecider
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<PrefixBasedPdDecider, PrefixBasedPdDeciderParameters>("prefix-based-pd-decider", Create) with
    {
        Summary = "A prompt is processed on a server of its own where it has at least `promptTokens` and the decode server lacks at least `nonCachedTokens` of it.",
        Consumes = PluginData.PrefixMatch | PluginData.Tokens,
        Example = """
            - type: prefix-based-pd-decider
              parameters:
                nonCachedTokens: 512
            """,
    };

    /// <inheritdoc/>
    public bool Disaggregate(in PickContext context, int server)
    {
        var tokens = context.Request.EstimatedPromptTokens;
        if (nonCachedTokens == 0 || server < 0 || tokens < promptTokens || tokens < nonCachedTokens)
        {
            return false;
        }

        var cached = (long)context.Prefix.Blocks(context.View.Numbers[server]) * context.Prefix.BlockTokens;
        return tokens - cached >= nonCachedTokens;
    }

    private static PrefixBasedPdDecider Create(PrefixBasedPdDeciderParameters parameters, PluginContext context)
    {
        if (parameters.NonCachedTokens == 0)
        {
            context.Warn("nonCachedTokens", "with nonCachedTokens 0 no prompt is split off");
        }

        return new(parameters.NonCachedTokens, parameters.PromptTokens);
    }
}
