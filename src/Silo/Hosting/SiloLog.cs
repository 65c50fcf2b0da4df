namespace Orleans.Inference.Silo.Hosting;

internal static partial class SiloLog
{
    [LoggerMessage(4020, LogLevel.Information, "Silo started: cluster {ClusterId}, pools from {Source}")]
    public static partial void Started(ILogger logger, string clusterId, string source);

    [LoggerMessage(4021, LogLevel.Information, "Silo stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(4022, LogLevel.Warning, "Flags: {Warning}")]
    public static partial void FlagWarning(ILogger logger, string warning);

    [LoggerMessage(4023, LogLevel.Critical, "The silo could not start: {Reason}")]
    public static partial void StartFailed(ILogger logger, string reason);

    [LoggerMessage(4024, LogLevel.Debug, "Trace of the failed start")]
    public static partial void StartFailedTrace(ILogger logger, Exception exception);

    [LoggerMessage(4025, LogLevel.Information, "{Name} listens on port {Port}")]
    public static partial void Listening(ILogger logger, string name, int port);
}
