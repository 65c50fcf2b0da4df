using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orleans.Inference.ExtProcGateway.Tests.Edge;

/// <summary>Keeps what is logged.</summary>
internal class RecordingLogger : ILogger
{
    public ConcurrentQueue<string> Messages { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Messages.Enqueue(formatter(state, exception));
}
