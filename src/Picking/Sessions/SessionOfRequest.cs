namespace Orleans.Inference.Picking.Sessions;

/// <summary>What was found out of a request's session while it was scheduled.</summary>
internal sealed class SessionOfRequest(string id)
{
    /// <summary>The session's id; empty where the request has none.</summary>
    public string Id { get; } = id;

    /// <summary>The session is on a server that was no candidate: it goes over to the one that is picked.</summary>
    public bool LostItsServer { get; set; }
}
