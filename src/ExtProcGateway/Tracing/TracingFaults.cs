using System.Diagnostics.Tracing;
using System.Globalization;

namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>Logs what keeps spans from being exported; the exporters tell it to event sources of their own alone. One line a minute at most.</summary>
internal sealed class TracingFaults : EventListener
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>A variable that OpenTelemetry's own code reads; its name and value come with it.</summary>
    private const string InvalidVariable = "InvalidConfigurationValue";

    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private long _last;
    private bool _told;

    public TracingFaults(ILogger log, TimeProvider time)
    {
        _log = log;
        _time = time;
        EventSourceCreated += (_, created) => Listen(created.EventSource);
    }

    private void Listen(EventSource? source)
    {
        if (source is not null && source.Name.StartsWith("OpenTelemetry-", StringComparison.Ordinal))
        {
            EnableEvents(source, EventLevel.Warning);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        ArgumentNullException.ThrowIfNull(eventData);
        if (eventData.Level is EventLevel.LogAlways or > EventLevel.Warning)
        {
            return; // counters, which other listeners of the process ask for, come here too
        }

        if (eventData is { EventName: InvalidVariable, Payload: [var name, var value] })
        {
            TracingLog.VariableIgnored(_log, $"{name}: \"{value}\" is not valid, and its default takes its place");
            return;
        }

        lock (_lock)
        {
            if (_told && _time.GetElapsedTime(_last) < Pause)
            {
                return;
            }

            _last = _time.GetTimestamp();
            _told = true;
        }

        var values = eventData.Payload is { } payload ? payload.ToArray() : [];
        var message = eventData.Message is { } format ? string.Format(CultureInfo.InvariantCulture, format, values) : eventData.EventName;
        TracingLog.NotExported(_log, message ?? "");
    }
}
