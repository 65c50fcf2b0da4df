namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>
/// Health of a picker, as the reference's: without an election every service name, known or not, has the state of the whole; with one, unknown names are told to be. Every
/// replica is a leader here. <c>liveness</c> is always serving.
/// </summary>
internal sealed class ReadinessHealth(bool leaderElection = false) : IHealthSource
{
    public const string Liveness = "liveness";
    public const string Readiness = "readiness";
    public const string ExtProc = "envoy.service.ext_proc.v3.ExternalProcessor";

    private bool _ready;
    private bool _isOver;

    public event Action? Changed;

    public IReadOnlyList<string> Services { get; } = leaderElection ? [ExtProc, Liveness, Readiness] : [ExtProc];

    /// <summary>Whether requests can be picked for; false at the start, while views are missing, and when the process drains.</summary>
    public bool Ready
    {
        get => Volatile.Read(ref _ready);
        set => Set(ref _ready, value);
    }

    public bool IsOver => Volatile.Read(ref _isOver);

    public HealthStatus Check(string service)
    {
        var whole = Ready ? HealthStatus.Serving : HealthStatus.NotServing;
        return service switch
        {
            Liveness => HealthStatus.Serving,
            "" or Readiness or ExtProc => whole,
            _ => leaderElection ? HealthStatus.ServiceUnknown : whole,
        };
    }

    /// <summary>Ends all watches: the server is about to go.</summary>
    public void End() => Set(ref _isOver, true);

    private void Set(ref bool field, bool value)
    {
        if (Interlocked.Exchange(ref field, value) != value)
        {
            Changed?.Invoke();
        }
    }
}
