namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>What <c>/metrics/?name[]=…</c> answers. <c>/metrics</c> without the slash ignores the query always, as in vLLM.</summary>
internal enum MetricsFilter
{
    /// <summary>Only the samples asked for.</summary>
    Works,

    /// <summary>The whole page, as a server that doesn't know the query.</summary>
    Ignored,

    /// <summary>An empty page, as prometheus_client's multi-process registry.</summary>
    Empty,

    /// <summary>404, as a server without that path.</summary>
    NotFound,
}
