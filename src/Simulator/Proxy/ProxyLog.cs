namespace Orleans.Inference.Simulator.Proxy;

internal static partial class ProxyLog
{
    [LoggerMessage(5001, LogLevel.Warning, "{Method} {Path}: {Failure}")]
    public static partial void RequestFailed(ILogger logger, string method, string path, string failure);
}
