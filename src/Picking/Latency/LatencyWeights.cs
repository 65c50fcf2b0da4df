namespace Orleans.Inference.Picking.Latency;

/// <summary>What was learned, as decisions read it.</summary>
/// <remarks>Immutable; swapped whole.</remarks>
internal sealed class LatencyWeights
{
    private readonly float[] _firstToken;
    private readonly float[] _perToken;
    private readonly float[] _whole;

    public LatencyWeights(OnlineRegression firstToken, OnlineRegression perToken, OnlineRegression whole)
    {
        _firstToken = WeightsOf(firstToken);
        _perToken = WeightsOf(perToken);
        _whole = WeightsOf(whole);
    }

    /// <summary>Those of the time to the first piece of an answer; empty where there are too few samples.</summary>
    /// <param name="streaming">The answer is wanted as a stream; else its first piece is all of it.</param>
    public ReadOnlySpan<float> Ttft(bool streaming) => streaming ? _firstToken : _whole;

    /// <summary>Those of the time for each token after the first; empty where there are too few samples.</summary>
    public ReadOnlySpan<float> Tpot => _perToken;

    private static float[] WeightsOf(OnlineRegression regression) => regression.IsReady ? Array.ConvertAll(regression.Weights.ToArray(), weight => (float)weight) : [];
}
