using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>What the client logs.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Call '{Method}' failed with status code '{StatusCode}' and detail '{Detail}'.")]
    public static partial void CallFailed(this ILogger logger, string method, StatusCode statusCode, string detail, Exception? debugException);
}
