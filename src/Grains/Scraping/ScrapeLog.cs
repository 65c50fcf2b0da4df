using System.Net;
using Microsoft.Extensions.Logging;

namespace Orleans.Inference.Grains.Scraping;

internal static partial class ScrapeLog
{
    [LoggerMessage(2100, LogLevel.Warning, "Metrics of {Server} at {EndPoint} ({Engine}) cannot be read: {Reason}. Its last figures are kept and grow stale")]
    public static partial void Failing(ILogger logger, string server, IPEndPoint endPoint, EngineMapping engine, ScrapeHealth reason);

    [LoggerMessage(2101, LogLevel.Information, "Metrics of {Server} at {EndPoint} are read again after {Failures} failed scrapes")]
    public static partial void Recovered(ILogger logger, string server, IPEndPoint endPoint, long failures);

    [LoggerMessage(2102, LogLevel.Error, "Scraping {Server} at {EndPoint} threw; it goes on after the longest pause")]
    public static partial void Threw(ILogger logger, Exception exception, string server, IPEndPoint endPoint);

    [LoggerMessage(2103, LogLevel.Warning, "The page of {Server} at {EndPoint} has {Bad} figures that cannot be, such as NaN or a negative number; their last values are kept")]
    public static partial void BadFigures(ILogger logger, string server, IPEndPoint endPoint, int bad);
}
