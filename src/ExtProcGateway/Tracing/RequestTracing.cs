using System.Diagnostics;

namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>Decides which requests are traced, and starts their traces.</summary>
/// <remarks>
/// Safe from any thread. The decision is made here, before there is a span: a request that is not recorded costs reading its <c>traceparent</c> or one random number, and no
/// allocation; where nobody listens to the source, one comparison.
/// </remarks>
internal sealed class RequestTracing(TracingSettings settings, int? seed = null) : IDisposable
{
    /// <summary>Name of the source of these spans.</summary>
    public const string SourceName = "Orleans.Inference.ExtProcGateway";

    private static readonly ActivitySource Source = new(SourceName);

    private readonly ThreadLocal<Random> _random = new(() => seed is { } value ? new Random(value) : new Random());

    /// <summary>Traces nothing, and changes no header.</summary>
    public static RequestTracing Off { get; } = new(new TracingSettings { ParentBased = false, Ratio = 0 }) { IsOff = true };

    private bool IsOff { get; init; }

    /// <summary>Starts on a request.</summary>
    /// <param name="traceParent">The request's <c>traceparent</c>; empty where it has none.</param>
    /// <param name="traceState">Its <c>tracestate</c>; empty where it has none.</param>
    public RequestTrace Start(ReadOnlySpan<byte> traceParent, ReadOnlySpan<byte> traceState)
    {
        if (IsOff || !Source.HasListeners())
        {
            return default;
        }

        var hasParent = TraceParent.TryParse(traceParent, out var sampled);
        if (!hasParent || !settings.ParentBased)
        {
            sampled = settings.Ratio >= 1 || (settings.Ratio > 0 && _random.Value!.NextDouble() < settings.Ratio);
        }

        if (sampled && StartSpan("gateway.request", hasParent ? TraceParent.ToContext(traceParent, sampled, traceState) : default) is { } span)
        {
            return new RequestTrace(span);
        }

        // The header of a trace that is not recorded stays as it is.
        return hasParent ? default : new RequestTrace(this);
    }

    /// <summary>Writes a <c>traceparent</c> for a request that begins a trace nobody records.</summary>
    internal void WriteUnsampled(Span<byte> destination) => TraceParent.WriteUnsampled(_random.Value!, destination);

    /// <summary>Starts a span without making it the thread's current one, which other requests of the same connection would find there.</summary>
    internal static Activity? StartSpan(string name, ActivityContext parent)
    {
        var before = Activity.Current;
        Activity.Current = null;
        var span = Source.StartActivity(name, ActivityKind.Server, parent);
        Activity.Current = before;
        return span;
    }

    /// <summary>Ends such a span.</summary>
    internal static void EndSpan(Activity span)
    {
        var before = Activity.Current;
        span.Stop();
        Activity.Current = before;
    }

    /// <inheritdoc/>
    public void Dispose() => _random.Dispose();
}
