using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

internal static partial class ActivationLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Activation} failed to activate.")]
    public static partial void ActivationFailed(ILogger logger, Exception exception, Activation activation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "OnDeactivateAsync of {Activation} failed.")]
    public static partial void DeactivationFailed(ILogger logger, Exception exception, Activation activation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Activation} failed to dispose.")]
    public static partial void DisposalFailed(ILogger logger, Exception exception, Activation activation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A callback of a cancelled call of {Activation} failed.")]
    public static partial void CancellationFailed(ILogger logger, Exception exception, Activation activation);
}
