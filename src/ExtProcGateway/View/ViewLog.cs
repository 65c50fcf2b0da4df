namespace Orleans.Inference.ExtProcGateway.View;

internal static partial class ViewLog
{
    [LoggerMessage(3200, LogLevel.Warning, "The cluster does not answer for {What}; picking goes on with what is known.")]
    public static partial void Lost(ILogger logger, Exception failure, string what);

    [LoggerMessage(3201, LogLevel.Information, "The cluster answers for {What} again.")]
    public static partial void Recovered(ILogger logger, string what);

    [LoggerMessage(3202, LogLevel.Information, "Pool {Pool}: first view, of {Count} model servers.")]
    public static partial void FirstView(ILogger logger, string pool, int count);

    [LoggerMessage(3203, LogLevel.Debug, "Pool {Pool}: frame {Sequence} does not follow the view; asking for a snapshot.")]
    public static partial void Gap(ILogger logger, string pool, long sequence);

    [LoggerMessage(3204, LogLevel.Debug, "Pool {Pool}: snapshot of {Count} model servers.")]
    public static partial void SnapshotTaken(ILogger logger, string pool, int count);

    [LoggerMessage(3205, LogLevel.Debug, "The subscription of {What} could not be ended; it expires.")]
    public static partial void NotUnsubscribed(ILogger logger, Exception failure, string what);

    [LoggerMessage(3206, LogLevel.Information, "Following {Count} pools: {Pools}")]
    public static partial void Following(ILogger logger, int count, string pools);
}
