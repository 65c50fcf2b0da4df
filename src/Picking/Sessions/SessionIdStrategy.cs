using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Sessions;

/// <summary><c>session_id</c>: the client names its session, and each replica of the picker remembers the server of each session.</summary>
/// <remarks>
/// A session is bound to the server that its first request went to. It goes over to another only where its own was no candidate: not where a scorer was outvoted, nor where two first requests
/// came at once.
/// </remarks>
/// <param name="profile">Index of the profile whose pick is the session's server; -1 for the destination's.</param>
internal sealed class SessionIdStrategy(ImmutableArray<SessionIdReader> sources, SessionBindings bindings, int profile) : ISessionStrategy
{
    /// <summary>Longer ids are none: they would fill the memory.</summary>
    private const int LongestId = 256;

    /// <inheritdoc/>
    public int Find(in PickContext context, ReadOnlySpan<int> candidates)
    {
        var session = SessionOf(context.Request);
        if (session.Id.Length == 0 || bindings.Find(context.View.Pool, session.Id) is not { } bound)
        {
            return -1;
        }

        var server = context.View.ById.Find(bound);
        var place = server < 0 ? -1 : candidates.IndexOf(server);
        session.LostItsServer = place < 0;
        return place;
    }

    /// <inheritdoc/>
    public void Remember(in PickContext context, in PickResult result)
    {
        var session = SessionOf(context.Request);
        var picks = profile < 0 ? result.Primary : result.PicksOf(profile);
        if (session.Id.Length > 0 && picks is [var picked, ..])
        {
            bindings.Use(context.View.Pool, session.Id, context.View.Servers[picked].Id, session.LostItsServer);
        }
    }

    /// <inheritdoc/>
    public void Tell(InferenceRequest request, ModelServer server, HeaderEdits headers)
    {
        // The client has named the session itself.
    }

    /// <inheritdoc/>
    public void TakeOver(ISessionStrategy predecessor)
    {
        // Ids from elsewhere, or for another profile, are forgotten like all that nobody uses.
        if (predecessor is SessionIdStrategy before)
        {
            bindings.TakeOver(before.Bindings);
        }
    }

    /// <inheritdoc/>
    public JsonNode? ReportState() => new JsonObject { ["sessions"] = bindings.Count };

    private SessionBindings Bindings => bindings;

    private SessionOfRequest SessionOf(InferenceRequest request)
    {
        if (request.GetNote<SessionOfRequest>(this) is { } known)
        {
            return known;
        }

        var id = "";
        foreach (var source in sources)
        {
            if (source.Find(request) is { Length: > 0 and <= LongestId } found)
            {
                id = found;
                break;
            }
        }

        var session = new SessionOfRequest(id);
        request.SetNote(this, session);
        return session;
    }
}
