namespace Orleans.Inference.Silo.Discovery;

internal static partial class DiscoveryLog
{
    [LoggerMessage(4010, LogLevel.Warning, "The cluster has not taken the membership of {Target} and is told again: {Reason}")]
    public static partial void NotTaken(ILogger logger, string target, string reason);
}
