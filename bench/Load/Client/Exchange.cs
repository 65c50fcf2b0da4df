namespace Orleans.Inference.Bench.Load.Client;

/// <summary>One exchange that is under way.</summary>
internal sealed class Exchange
{
    public long SentAt { get; set; }

    public bool Measured { get; set; }

    /// <summary>The request phase is over; the response is held.</summary>
    public bool ResponseDue { get; set; }

    public bool ResponseSent { get; set; }

    /// <summary>Chunks of the response that have not been sent.</summary>
    public int ChunksLeft { get; set; }

    public long ChunkSentAt { get; set; }

    public double DecisionMilliseconds { get; set; }

    public long Window { get; set; }

    /// <summary>Bytes that wait for the peer's flow-control window.</summary>
    public byte[]? Unsent { get; set; }

    public int UnsentFrom { get; set; }

    /// <summary>An incomplete gRPC message.</summary>
    public List<byte> Partial { get; } = [];
}
