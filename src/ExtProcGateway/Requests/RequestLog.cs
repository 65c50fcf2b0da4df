namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Log messages about request parsers.</summary>
internal static partial class RequestLog
{
    [LoggerMessage(3050, LogLevel.Warning, "parser {Type} is listed more than once; the first counts")]
    public static partial void DuplicateParser(ILogger log, string type);

    [LoggerMessage(3051, LogLevel.Warning, "parser {Type} is ignored: {Fallback} before it takes every path that no other parser claims")]
    public static partial void ParserBehindFallback(ILogger log, string type, string fallback);
}
