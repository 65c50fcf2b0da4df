namespace Orleans.Inference.Bench.Load.Client;

/// <summary>One exchange that is under way.</summary>
internal sealed class Exchange
{
    public long SentAt { get; set; }

    public bool Measured { get; set; }

    public bool ResponseSent { get; set; }

    public double DecisionMilliseconds { get; set; }

    public long Window { get; set; }

    /// <summary>Bytes that wait for the peer's flow-control window.</summary>
    public byte[]? Unsent { get; set; }

    public int UnsentFrom { get; set; }

    /// <summary>An incomplete gRPC message.</summary>
    public List<byte> Partial { get; } = [];
}
