using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.ExtProcGateway.Operators;

/// <summary>What a process writes for its operators.</summary>
public static class OperatorConsole
{
    /// <summary>How long a silo may take to start, a multiple of the usual second or two: its watchdog has its first look while it starts.</summary>
    internal static readonly TimeSpan WatchdogRest = TimeSpan.FromSeconds(30);

    /// <summary>One line an event. Of the frameworks below only what needs attention, unless every step is asked for.</summary>
    /// <param name="time">The clock of the process; null for the system's.</param>
    public static void AddOperatorConsole(this ILoggingBuilder logging, OperatorOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.JsonLog)
        {
            logging.AddJsonConsole(console => console.TimestampFormat = "O");
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z '";
                console.UseUtcTimestamp = true;
            });
        }

        var frameworks = options.LogLevel == LogLevel.Trace ? LogLevel.Information : LogLevel.Warning;
        logging.SetMinimumLevel(options.LogLevel);
        logging.AddFilter("Microsoft", frameworks);
        logging.AddFilter("System", frameworks);
        logging.AddFilter("Orleans", frameworks);

        // Warns at each start that the garbage collector is not the server's, which is meant so.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);

        // Orleans' watchdog starts the thread that looks whether health checks go on before it notes when they began. So at nearly every start it warns that none has completed since the machine
        // was booted, which is where the clock begins, and has no option against that. What it says later is worth reading.
        var clock = time ?? TimeProvider.System;
        var startedAt = clock.GetTimestamp();
        logging.AddFilter("Orleans.Runtime.Watchdog", level => level >= frameworks && (level > LogLevel.Warning || clock.GetElapsedTime(startedAt) >= WatchdogRest));
        logging.AddFilter("Orleans.Inference", options.LogLevel);
    }
}
