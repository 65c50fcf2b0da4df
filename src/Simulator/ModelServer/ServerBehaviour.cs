namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>Faults that a test can switch on with <c>POST /simulator/behaviour?health=…&amp;metrics=…</c>.</summary>
/// <param name="Healthy">Whether <c>/health</c> answers 200 instead of 503.</param>
/// <param name="Metrics">What <c>/metrics</c> answers.</param>
internal sealed record ServerBehaviour(bool Healthy, MetricsBehaviour Metrics)
{
    public static ServerBehaviour Default { get; } = new(true, MetricsBehaviour.Ok);
}
