namespace Orleans.Inference.Picking.Latency;

/// <summary>How long one request took, and what was known of it and of its server when it was sent there.</summary>
public readonly struct LatencySample
{
    /// <summary>As they were when the server was picked.</summary>
    public LatencyFeatures Features { get; init; }

    /// <summary>The answer came as a stream: its first piece is its first token. Of any other the first piece is all of it.</summary>
    public bool Streamed { get; init; }

    /// <summary>Milliseconds from the decision to the first piece of the answer.</summary>
    public double Ttft { get; init; }

    /// <summary>Milliseconds for each token of a stream after the first; NaN where that is not known.</summary>
    public double Tpot { get; init; }

    /// <summary>When the answer ended, in milliseconds of any clock that does not go back.</summary>
    public long At { get; init; }
}
