namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>What the health services answer.</summary>
/// <remarks>Safe from any thread.</remarks>
internal interface IHealthSource
{
    /// <summary>Something may have changed; called on the thread that changed it, so subscribers only take a note.</summary>
    event Action? Changed;

    /// <summary>The server is about to go: watches end, so that none holds it up.</summary>
    bool IsOver { get; }

    /// <summary>Names that <c>List</c> answers with.</summary>
    IReadOnlyList<string> Services { get; }

    /// <summary>The state of a service by its name, which may be empty: the whole server.</summary>
    HealthStatus Check(string service);
}
