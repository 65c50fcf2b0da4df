namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>Log messages of tracing.</summary>
internal static partial class TracingLog
{
    [LoggerMessage(3300, LogLevel.Information, "Traces are exported to {Targets}; of those that begin here a share of {Ratio} is recorded")]
    public static partial void Exporting(ILogger log, string targets, double ratio);

    [LoggerMessage(3301, LogLevel.Warning, "Tracing: {Warning}")]
    public static partial void VariableIgnored(ILogger log, string warning);

    [LoggerMessage(3302, LogLevel.Warning, "Traces are not exported: {Fault}")]
    public static partial void NotExported(ILogger log, string fault);
}
