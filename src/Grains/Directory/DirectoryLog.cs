using Microsoft.Extensions.Logging;

namespace Orleans.Inference.Grains.Directory;

internal static partial class DirectoryLog
{
    [LoggerMessage(2200, LogLevel.Information, "There are {Count} pools: {Pools}")]
    public static partial void PoolsChanged(ILogger logger, int count, string pools);

    [LoggerMessage(2201, LogLevel.Debug, "Pool {Pool} could not be told that it was deleted; it is tried again.")]
    public static partial void DeleteFailed(ILogger logger, Exception failure, string pool);

    [LoggerMessage(2202, LogLevel.Debug, "The list of pools did not reach gateway {Gateway}.")]
    public static partial void PushFailed(ILogger logger, Exception failure, string gateway);
}
