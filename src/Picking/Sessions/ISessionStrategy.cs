using System.Text.Json.Nodes;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>How a session finds the server that it was on before.</summary>
/// <remarks>Safe from any thread.</remarks>
internal interface ISessionStrategy
{
    /// <summary>Place of the session's server among the candidates; -1 where it is not there, or the request has no session that is known.</summary>
    int Find(in PickContext context, ReadOnlySpan<int> candidates);

    /// <summary>The servers are picked: remembers what the next request needs.</summary>
    void Remember(in PickContext context, in PickResult result);

    /// <summary>Tells the client what its next request needs.</summary>
    /// <param name="server">The request's destination.</param>
    void Tell(InferenceRequest request, ModelServer server, HeaderEdits headers);

    /// <summary>Takes over what the strategy of the configuration before remembers; nothing of another kind of strategy.</summary>
    void TakeOver(ISessionStrategy predecessor);

    /// <summary>What is remembered, for operators; null where nothing is.</summary>
    JsonNode? ReportState();
}
