using Microsoft.Extensions.Logging;

namespace Orleans.Inference.Grains.Pools;

internal static partial class PoolLog
{
    [LoggerMessage(2000, LogLevel.Information, "Pool {Pool}: {Count} model servers ({Added} added, {Removed} removed, {Relabelled} relabelled).")]
    public static partial void MembershipChanged(ILogger logger, string pool, int count, int added, int removed, int relabelled);

    [LoggerMessage(2001, LogLevel.Information, "Pool {Pool} was deleted.")]
    public static partial void Deleted(ILogger logger, string pool);

    [LoggerMessage(2002, LogLevel.Debug, "Pool {Pool}: the grain of model server {Server} could not be started; it is tried again.")]
    public static partial void WatchFailed(ILogger logger, Exception failure, string pool, string server);

    [LoggerMessage(2003, LogLevel.Debug, "Pool {Pool}: the grain of model server {Server} could not be stopped; it ends by itself.")]
    public static partial void UnwatchFailed(ILogger logger, Exception failure, string pool, string server);

    [LoggerMessage(2004, LogLevel.Information, "Pool {Pool}: gateway {Gateway} subscribed.")]
    public static partial void Subscribed(ILogger logger, string pool, string gateway);

    [LoggerMessage(2005, LogLevel.Information, "Pool {Pool}: gateway {Gateway} did not renew its subscription, which ends.")]
    public static partial void SubscriptionExpired(ILogger logger, string pool, string gateway);

    [LoggerMessage(2006, LogLevel.Debug, "Pool {Pool}: a frame did not reach gateway {Gateway}.")]
    public static partial void PushFailed(ILogger logger, Exception failure, string pool, string gateway);

    [LoggerMessage(2007, LogLevel.Debug, "Pool {Pool}: the directory could not be asked whether the pool still exists.")]
    public static partial void DirectoryFailed(ILogger logger, Exception failure, string pool);

    [LoggerMessage(2008, LogLevel.Information, "Pool {Pool}: {Objectives} objectives, {Rewrites} rewrite rules, priorities of {Models} models.")]
    public static partial void PoliciesChanged(ILogger logger, string pool, int objectives, int rewrites, int models);
}
