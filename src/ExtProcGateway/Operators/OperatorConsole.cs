using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.ExtProcGateway.Operators;

/// <summary>What a process writes for its operators.</summary>
public static class OperatorConsole
{
    /// <summary>One line an event. Of the frameworks below only what needs attention, unless every step is asked for.</summary>
    public static void AddOperatorConsole(this ILoggingBuilder logging, OperatorOptions options)
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
        logging.AddFilter("Orleans.Inference", options.LogLevel);
    }
}
