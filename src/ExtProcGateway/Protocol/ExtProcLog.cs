namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Log messages of the ext_proc protocol.</summary>
internal static partial class ExtProcLog
{
    [LoggerMessage(3001, LogLevel.Information, "request {RequestId} refused with {Status}: {Message}")]
    public static partial void RequestRefused(ILogger log, string requestId, int status, string message);

    [LoggerMessage(3002, LogLevel.Warning, "ext_proc stream from {Authority} ended: {What}")]
    public static partial void MalformedMessage(ILogger log, string authority, string what);
}
