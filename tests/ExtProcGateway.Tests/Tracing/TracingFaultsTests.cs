using System.Diagnostics.Tracing;
using Orleans.Inference.ExtProcGateway.Tests.Edge;
using Orleans.Inference.ExtProcGateway.Tracing;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Tracing;

[Collection(AloneCollection.Name)]
public sealed class TracingFaultsTests
{
    [Fact]
    public void OnEventWritten_WarningsAndOthers_LogsOneWarningAMinute()
    {
        var (log, time) = (new RecordingLogger(), new ManualTimeProvider());
        using var source = new ExporterEvents();
        using var faults = new TracingFaults(log, time);

        source.Count("a");
        source.Detail("b");
        Assert.Empty(log.Messages);
        source.Fail("the collector", 14);
        source.Fail("another", 14);
        time.Advance(TimeSpan.FromSeconds(59));
        source.Fail("another", 14);
        Assert.Equal(["Traces are not exported: the collector said 14"], log.Messages);
        time.Advance(TimeSpan.FromSeconds(2));
        source.Fail("a third", 4);

        Assert.Equal("Traces are not exported: a third said 4", log.Messages.Last());
        Assert.Equal(2, log.Messages.Count);
    }

    [EventSource(Name = "OpenTelemetry-Exporter-Of-Tests")]
    private sealed class ExporterEvents : EventSource
    {
        [Event(1, Message = "{0} said {1}", Level = EventLevel.Warning)]
        public void Fail(string who, int code) => WriteEvent(1, who, code);

        [Event(2, Level = EventLevel.LogAlways)]
        public void Count(string what) => WriteEvent(2, what);

        [Event(3, Level = EventLevel.Informational)]
        public void Detail(string what) => WriteEvent(3, what);
    }
}
