using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Orleans.Inference.ExtProcGateway.Tracing;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Micro;

/// <summary>What tracing costs a request: start, decision, header for the model server, end; the spans of the scheduler are not in it.</summary>
[MemoryDiagnoser]
public class TracingBenchmark : IDisposable
{
    private readonly RequestTracing _tracing = new(new TracingSettings { Ratio = 0 });
    private readonly InferenceRequest _request = new() { RequestId = "b7d1a1f2-0000-4000-8000-000000000000", TargetModel = "base-model" };
    private readonly byte[] _header = new byte[TraceParent.Length];
    private readonly byte[] _sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"u8.ToArray();
    private readonly byte[] _notSampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"u8.ToArray();

    private ActivityListener? _listener;

    /// <summary>Whether spans are exported anywhere.</summary>
    [Params(false, true)]
    public bool Exported { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => Exported && source.Name == RequestTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _listener?.Dispose();
        _tracing.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public bool TurnedOff() => Trace(RequestTracing.Off, []);

    [Benchmark]
    public bool NewTraceNotRecorded() => Trace(_tracing, []);

    [Benchmark]
    public bool ParentNotRecorded() => Trace(_tracing, _notSampled);

    [Benchmark]
    public bool ParentRecorded() => Trace(_tracing, _sampled);

    private bool Trace(RequestTracing tracing, byte[] parent)
    {
        var trace = tracing.Start(parent, default);
        trace.StartOrchestration(_request);
        trace.EndOrchestration(_request, null);
        var written = trace.TryWriteTraceParent(_header);
        trace.End(null);
        return written;
    }
}
