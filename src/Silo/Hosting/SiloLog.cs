namespace Orleans.Inference.Silo.Hosting;

internal static partial class SiloLog
{
    [LoggerMessage(4020, LogLevel.Information, "Silo started: cluster {ClusterId}, pools from {Source}")]
    public static partial void Started(ILogger logger, string clusterId, string source);
}
