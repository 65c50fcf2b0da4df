namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>Where spans go.</summary>
[Flags]
internal enum TraceExporters
{
    /// <summary>Nowhere: trace context is passed on, and nothing is recorded.</summary>
    None = 0,

    /// <summary>To standard output, one JSON object a line.</summary>
    Console = 1,

    /// <summary>To a collector, by OTLP.</summary>
    Otlp = 2,
}
