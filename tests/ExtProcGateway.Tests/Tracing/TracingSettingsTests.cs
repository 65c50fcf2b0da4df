using Microsoft.Extensions.Configuration;
using Orleans.Inference.ExtProcGateway.Tracing;

namespace Orleans.Inference.ExtProcGateway.Tests.Tracing;

public sealed class TracingSettingsTests
{
    private static TracingSettings Read(params string[] variables) =>
        TracingSettings.From(new ConfigurationBuilder().AddInMemoryCollection(variables.Select(text => KeyValuePair.Create(text.Split('=')[0], (string?)text.Split('=')[1]))).Build());

    [Theory]
    [InlineData("", (int)TraceExporters.None)]
    [InlineData("OTEL_TRACES_EXPORTER=", (int)TraceExporters.None)]
    [InlineData("OTEL_TRACES_EXPORTER=none", (int)TraceExporters.None)]
    [InlineData("OTEL_TRACES_EXPORTER=console", (int)TraceExporters.Console)]
    [InlineData("OTEL_TRACES_EXPORTER=otlp", (int)TraceExporters.Otlp)]
    [InlineData("OTEL_TRACES_EXPORTER=otlp, console", (int)(TraceExporters.Otlp | TraceExporters.Console))]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317", (int)TraceExporters.Otlp)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://c:4317", (int)TraceExporters.Otlp)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://c:4317", (int)TraceExporters.None)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=", (int)TraceExporters.None)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317;OTEL_TRACES_EXPORTER=none", (int)TraceExporters.None)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317;OTEL_SDK_DISABLED=true", (int)TraceExporters.None)]
    public void From_Variables_SayWhereSpansGo(string variables, int expected)
    {
        var settings = Read(variables.Split(';', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((TraceExporters)expected, settings.Exporters);
        Assert.Empty(settings.Warnings);
    }

    [Theory]
    [InlineData("", true, 0.1)]
    [InlineData("OTEL_TRACES_SAMPLER=parentbased_traceidratio", true, 0.1)]
    [InlineData("OTEL_TRACES_SAMPLER_ARG=0.25", true, 0.25)]
    [InlineData("OTEL_TRACES_SAMPLER=traceidratio;OTEL_TRACES_SAMPLER_ARG=1", false, 1)]
    [InlineData("OTEL_TRACES_SAMPLER=always_on", false, 1)]
    [InlineData("OTEL_TRACES_SAMPLER=parentbased_always_off", true, 0)]
    public void From_Variables_SayWhatIsRecorded(string variables, bool parentBased, double ratio)
    {
        var settings = Read(variables.Split(';', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((parentBased, ratio), (settings.ParentBased, settings.Ratio));
        Assert.Empty(settings.Warnings);
    }

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER=zipkin")]
    [InlineData("OTEL_TRACES_SAMPLER=jaeger_remote")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG=half")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG=1.5")]
    public void From_VariableThatIsWrong_IsToldAndReplaced(string variable)
    {
        var settings = Read(variable);

        Assert.Contains(variable.Split('=')[1], Assert.Single(settings.Warnings));
        Assert.Equal((TraceExporters.None, true, 0.1), (settings.Exporters, settings.ParentBased, settings.Ratio));
    }
}
