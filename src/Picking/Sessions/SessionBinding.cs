namespace Orleans.Inference.Picking.Sessions;

/// <summary>The server of a session.</summary>
/// <param name="server">Its id.</param>
/// <param name="usedAt">Timestamp of the clock.</param>
internal sealed class SessionBinding(string server, long usedAt)
{
    private long _usedAt = usedAt;

    /// <summary>Id of the server.</summary>
    public string Server { get; } = server;

    /// <summary>Timestamp of the last use.</summary>
    public long UsedAt
    {
        get => Volatile.Read(ref _usedAt);
        set => Volatile.Write(ref _usedAt, value);
    }
}
