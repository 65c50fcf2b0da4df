namespace Orleans.Inference.Picking.Latency;

/// <summary>Which of the servers that are predicted to do what a request asks for is the best.</summary>
internal enum HeadroomSelection
{
    /// <summary>The one that is nearest to its limits: others stay free for requests that need more.</summary>
    Least,

    /// <summary>The one that is furthest from them.</summary>
    Most,
}
