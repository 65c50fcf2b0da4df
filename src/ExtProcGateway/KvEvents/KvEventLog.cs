namespace Orleans.Inference.ExtProcGateway.KvEvents;

internal static partial class KvEventLog
{
    [LoggerMessage(3300, LogLevel.Information, "KV-cache events of {Server} are followed at {Address}.")]
    public static partial void Following(ILogger logger, string server, string address);

    [LoggerMessage(3301, LogLevel.Warning, "KV-cache events of {Server} can't be read at {Address}: {Reason}. It is tried again and again.")]
    public static partial void Lost(ILogger logger, string server, string address, string reason);

    [LoggerMessage(3302, LogLevel.Warning, "KV-cache events of {Server}: what it publishes is no batch of events; what was known of its cache is forgotten.")]
    public static partial void Unreadable(ILogger logger, string server);

    [LoggerMessage(3303, LogLevel.Warning, "KV-cache events of {Server}: its topic names no model, so that no request finds its blocks; it has to be kv@POD@MODEL.")]
    public static partial void NoModel(ILogger logger, string server);

    [LoggerMessage(3304, LogLevel.Information, "KV-cache events of {Server} were missed, from number {Sequence} on; what was known of its cache is forgotten.")]
    public static partial void Missed(ILogger logger, string server, ulong sequence);

    [LoggerMessage(3305, LogLevel.Warning, "KV-cache events of {Server} can't be read again at {Address}: {Reason}")]
    public static partial void NotReplayed(ILogger logger, string server, string address, string reason);

    [LoggerMessage(3306, LogLevel.Warning, "KV-cache events of {Server}: it has more blocks than are kept of one server; the others are left out.")]
    public static partial void Full(ILogger logger, string server);

    [LoggerMessage(3307, LogLevel.Error, "KV-cache events of {Server} are not followed any more.")]
    public static partial void Broken(ILogger logger, Exception failure, string server);

    [LoggerMessage(3308, LogLevel.Debug, "KV-cache events of {Server} were told again: {Count} batches.")]
    public static partial void Replayed(ILogger logger, string server, int count);
}
