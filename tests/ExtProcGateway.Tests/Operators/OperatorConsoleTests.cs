using Microsoft.Extensions.Logging;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Operators;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Operators;

public sealed class OperatorConsoleTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Watchdog_AtTheStart_IsNotHeardUnlessSomethingHasFailed()
    {
        using var loggers = Loggers();
        var watchdog = loggers.CreateLogger("Orleans.Runtime.Watchdog");
        Assert.False(watchdog.IsEnabled(LogLevel.Warning));
        Assert.True(watchdog.IsEnabled(LogLevel.Error));
        Assert.True(loggers.CreateLogger("Orleans.Runtime.Catalog").IsEnabled(LogLevel.Warning));

        _time.Advance(OperatorConsole.WatchdogRest);

        Assert.True(watchdog.IsEnabled(LogLevel.Warning));
        Assert.False(watchdog.IsEnabled(LogLevel.Information));
    }

    private ILoggerFactory Loggers() => LoggerFactory.Create(logging => logging.AddOperatorConsole(new OperatorOptions(), _time));
}
