namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>
/// Health of a picker without a leader, as the reference's: every service name, known or not, has the state of the whole; <c>liveness</c> is always
/// serving.
/// </summary>
internal sealed class ReadinessHealth : IHealthSource
{
    public const string Liveness = "liveness";

    private bool _ready;

    public event Action? Changed;

    public IReadOnlyList<string> Services { get; } = ["envoy.service.ext_proc.v3.ExternalProcessor", Liveness, "readiness"];

    /// <summary>Whether requests can be picked for; false at the start, while views are missing, and when the process drains.</summary>
    public bool Ready
    {
        get => Volatile.Read(ref _ready);
        set
        {
            if (Interlocked.Exchange(ref _ready, value) != value)
            {
                Changed?.Invoke();
            }
        }
    }

    public HealthStatus Check(string service) => Ready || service == Liveness ? HealthStatus.Serving : HealthStatus.NotServing;
}
