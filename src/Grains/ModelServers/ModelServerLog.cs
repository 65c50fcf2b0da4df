using Microsoft.Extensions.Logging;

namespace Orleans.Inference.Grains.ModelServers;

internal static partial class ModelServerLog
{
    [LoggerMessage(2100, LogLevel.Warning, "Model server {Server}: {Ip} is no IP address; it is not scraped.")]
    public static partial void BadAddress(ILogger logger, string server, string ip);

    [LoggerMessage(2101, LogLevel.Warning, "Pool {Pool} does not take this silo's reports; they are offered again with newer figures.")]
    public static partial void ReportsRefused(ILogger logger, Exception failure, string pool);

    [LoggerMessage(2102, LogLevel.Information, "Pool {Pool} takes this silo's reports again.")]
    public static partial void ReportsTaken(ILogger logger, string pool);

    [LoggerMessage(2103, LogLevel.Information, "Pool {Pool} does not know model server {Server}; its grain ends.")]
    public static partial void Orphaned(ILogger logger, string pool, string server);

    [LoggerMessage(2104, LogLevel.Debug, "Pool {Pool}: the grain of model server {Server}, which the pool does not know, could not be ended; it is tried again.")]
    public static partial void OrphanNotEnded(ILogger logger, Exception failure, string pool, string server);
}
