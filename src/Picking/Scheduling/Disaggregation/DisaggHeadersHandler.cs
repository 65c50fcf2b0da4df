using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Scheduling.Disaggregation;

/// <summary><c>disagg-headers-handler</c>, once <c>prefill-header-handler</c>: tells the destination which servers have the other stages.</summary>
/// <param name="prefill">Index of the profile; -1 for none.</param>
/// <param name="encode">Index of the profile; -1 for none.</param>
public sealed class DisaggHeadersHandler(int prefill, int encode) : IStageAnnouncer
{
    /// <summary>What configurations know of it, by both names.</summary>
    public static IReadOnlyList<PluginDefinition> Definitions { get; } = [Of("disagg-headers-handler"), Of("prefill-header-handler")];

    StageProfiles IStageAnnouncer.Stages => new(-1, prefill, encode);

    /// <inheritdoc/>
    public void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits) =>
        DisaggregationHeaders.Write(context, result, prefill, encode, edits.Headers);

    private static PluginDefinition Of(string type) => PluginDefinition.Of<DisaggHeadersHandler, DisaggHeadersHandlerParameters>(
        type,
        (parameters, context) => new(context.Profiles.IndexOf(parameters.PrefillProfile), context.Profiles.IndexOf(parameters.EncodeProfile))) with
    {
        Summary = "Names the servers that the profiles `prefill` and `encode` picked in the request headers `x-prefiller-host-port` and `x-encoder-hosts-ports`.",
        ReplacedBy = "disagg-profile-handler, which sets the headers itself",
    };
}
