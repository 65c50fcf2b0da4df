using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>What the server logs.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Error when executing service method '{Method}'.")]
    public static partial void MethodFailed(this ILogger logger, string method, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Service method '{Method}' canceled.")]
    public static partial void MethodCanceled(this ILogger logger, string method, Exception exception);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Error status code '{StatusCode}' with detail '{Detail}' raised.")]
    public static partial void RpcError(this ILogger logger, StatusCode statusCode, string detail, Exception? debugException);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "Error ending a call at its deadline.")]
    public static partial void DeadlineFailed(this ILogger logger, Exception exception);
}
