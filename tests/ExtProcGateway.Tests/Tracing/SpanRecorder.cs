using System.Collections.Concurrent;
using System.Diagnostics;
using Orleans.Inference.ExtProcGateway.Tracing;
using Orleans.Inference.Picking.Tracing;

namespace Orleans.Inference.ExtProcGateway.Tests.Tracing;

/// <summary>Keeps the spans of the product in memory while it lives. Listeners hear the whole process: for tests that run alone.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;

    public SpanRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is RequestTracing.SourceName or SchedulingTrace.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<Activity> Ended { get; } = new();

    public Activity Span(string name) => Assert.Single(Ended, span => span.OperationName == name);

    public void Dispose() => _listener.Dispose();
}
