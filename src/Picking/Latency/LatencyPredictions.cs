namespace Orleans.Inference.Picking.Latency;

/// <summary>How long a request is predicted to take on each server, by its index in the view, and how that compares with what the request asks for; milliseconds.</summary>
/// <remarks>The default value predicts nothing. What the request does not ask for counts as 0, as by the reference picker: headrooms are negative then, and compare servers all the same.</remarks>
public readonly ref struct LatencyPredictions
{
    /// <summary>Nothing is predicted: all columns are empty.</summary>
    public bool IsEmpty => Ttft.IsEmpty;

    /// <summary>Time to the first piece of the answer on each server.</summary>
    public ReadOnlySpan<float> Ttft { get; init; }

    /// <summary>Time for each token after the first; 0 where there is nothing to predict it by.</summary>
    public ReadOnlySpan<float> Tpot { get; init; }

    /// <summary>Asked for: time to the first token; 0 for nothing.</summary>
    public double TtftObjective { get; init; }

    /// <summary>Asked for: time for each token after it, times <c>sloBufferFactor</c>; 0 for nothing.</summary>
    public double TpotObjective { get; init; }

    /// <summary>The time for each token counts: <c>streamingMode</c>. Else every server is right in it.</summary>
    public bool CountsTpot { get; init; }

    /// <summary>Objective − prediction of the time to the first token.</summary>
    /// <param name="server">Index in the view.</param>
    public double TtftHeadroom(int server) => TtftObjective - Ttft[server];

    /// <summary>Objective − prediction of the time for each token after it; 0 where that does not count.</summary>
    /// <param name="server">Index in the view.</param>
    public double TpotHeadroom(int server) => CountsTpot ? TpotObjective - Tpot[server] : 0;

    /// <summary>Whether the server is predicted to keep what the request asks for; what it does not ask for is kept by all.</summary>
    /// <param name="server">Index in the view.</param>
    public bool Keeps(int server) => (TtftObjective == 0 || Ttft[server] <= TtftObjective) && (!CountsTpot || TpotObjective == 0 || Tpot[server] <= TpotObjective);
}
