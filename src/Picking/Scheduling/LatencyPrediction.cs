namespace Orleans.Inference.Picking.Scheduling;

/// <summary>How long the request would take on each server, in milliseconds, by index in the view; both columns are empty where nothing is predicted, and NaN stands for a server without a prediction.</summary>
/// <param name="ttft">Time to the first token.</param>
/// <param name="tpot">Time for each token after it.</param>
public readonly ref struct LatencyPrediction(ReadOnlySpan<double> ttft, ReadOnlySpan<double> tpot)
{
    /// <summary>Time to the first token.</summary>
    public ReadOnlySpan<double> Ttft { get; } = ttft;

    /// <summary>Time for each token after it.</summary>
    public ReadOnlySpan<double> Tpot { get; } = tpot;

    /// <summary>Nothing is predicted.</summary>
    public bool IsEmpty => Ttft.IsEmpty;
}
