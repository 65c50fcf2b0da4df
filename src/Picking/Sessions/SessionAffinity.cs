using System.Text.Json.Nodes;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>What the plugins of session affinity have in common: the strategy that tells a request's server, and that learns from the pick.</summary>
public abstract class SessionAffinity : IPreRequest, IResponseHeaders, ISuccessor, IStateReporter
{
    private protected SessionAffinity(ISessionStrategy strategy) => Strategy = strategy;

    private protected ISessionStrategy Strategy { get; }

    /// <inheritdoc/>
    public void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits) => Strategy.Remember(context, result);

    /// <inheritdoc/>
    public void BeforeResponse(InferenceRequest request, ModelServer server, HeaderEdits headers) => Strategy.Tell(request, server, headers);

    /// <inheritdoc/>
    public void TakeOver(object predecessor)
    {
        ArgumentNullException.ThrowIfNull(predecessor);
        Strategy.TakeOver(((SessionAffinity)predecessor).Strategy);
    }

    /// <inheritdoc/>
    public JsonNode? ReportState() => Strategy.ReportState();
}
