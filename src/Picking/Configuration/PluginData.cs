namespace Orleans.Inference.Picking.Configuration;

/// <summary>What plugins read beside view and request: found out for a decision only where some plugin of the configuration consumes it.</summary>
[Flags]
public enum PluginData
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>How much of the prompt each server has in its cache; the default producer is <c>approx-prefix-cache-producer</c>.</summary>
    PrefixMatch = 1 << 0,

    /// <summary>Requests and tokens in flight on each server; <c>inflight-load-producer</c>.</summary>
    InFlightLoad = 1 << 1,

    /// <summary>Predicted latencies; <c>predicted-latency-producer</c>.</summary>
    LatencyPrediction = 1 << 2,

    /// <summary>How many tokens the prompt has, and whether it has pictures, videos or sounds; counted by the gateway, as <c>token-producer</c> says.</summary>
    Tokens = 1 << 3,

    /// <summary>Which images and sounds of the prompt each server has encoded; <c>mm-embeddings-cache-producer</c>.</summary>
    MultiModalMatch = 1 << 4,

    /// <summary>The session of the request; <c>session-id-producer</c>.</summary>
    SessionId = 1 << 5,

    /// <summary>How much of the prompt each server says to have in its cache; <c>precise-prefix-cache-producer</c>.</summary>
    PrecisePrefixMatch = 1 << 6,
}
