namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>What <c>/metrics</c> answers.</summary>
internal enum MetricsBehaviour
{
    /// <summary>The page.</summary>
    Ok,

    /// <summary>500.</summary>
    Error,

    /// <summary>A web page, with 200.</summary>
    Html,

    /// <summary>Nothing, until the client gives up.</summary>
    Hang,

    /// <summary>An empty page.</summary>
    Empty,
}
