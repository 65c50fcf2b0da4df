using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Orleans.Inference.ExtProcGateway.Tests.Edge;
using Orleans.Inference.ExtProcGateway.Tracing;
using Orleans.Inference.Picking;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Tracing;

[Collection(AloneCollection.Name)]
public sealed class TracingExportTests
{
    private const string Parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static IHost Host(bool on, RecordingLogger? log, params (string Name, string Value)[] variables)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System);
        if (log is not null)
        {
            builder.Logging.AddProvider(new OneLogger(log));
        }

        builder.Services.AddRequestTracing(on, new ConfigurationBuilder().AddInMemoryCollection(variables.Select(v => KeyValuePair.Create(v.Name, (string?)v.Value))).Build());
        return builder.Build();
    }

    /// <summary>Exports the spans of one request; the result is the log.</summary>
    private static async Task<RecordingLogger> ExportAsync(params (string Name, string Value)[] variables)
    {
        var log = new RecordingLogger();
        using var host = Host(on: true, log, variables);
        await host.StartAsync();
        TraceOne(host);
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return log;
    }

    private static void TraceOne(IHost host)
    {
        var trace = host.Services.GetRequiredService<RequestTracing>().Start(Encoding.ASCII.GetBytes(Parent), default);
        var request = new InferenceRequest { RequestId = "r-1", IncomingModel = "m", TargetModel = "m" };
        trace.StartOrchestration(request);
        trace.EndOrchestration(request, null);
        trace.End(null);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("grpc", "")]
    [InlineData("http/protobuf", "")]
    [InlineData("http/protobuf", "my-picker")]
    public async Task Host_WithACollector_ExportsSpansBeforeItEnds(string protocol, string service)
    {
        await using var collector = await OtlpCollector.StartAsync(grpc: protocol != "http/protobuf");
        using var host = Host(on: true, null, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol), ("OTEL_SERVICE_NAME", service));
        await host.StartAsync();

        TraceOne(host);
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(["gateway.request", "gateway.request_orchestration"], collector.Spans.Select(span => span.Name).Order());
        Assert.All(collector.Spans, span => Assert.Equal(
            (service.Length > 0 ? service : "llm-d-epp", RequestTracing.SourceName, Parent.Split('-')[1]), (span.Service, span.Scope, span.TraceId)));
        Assert.Equal(Parent.Split('-')[2], Assert.Single(collector.Spans, span => span.Name == "gateway.request").ParentSpanId);
        Assert.All(collector.Spans, span => Assert.Contains("gen_ai.request.id=r-1;gen_ai.request.model=m", span.Attributes));
    }

    [Theory]
    [InlineData("http/protobuf", "", "/v1/traces")]
    [InlineData("http/protobuf", "/", "/v1/traces")]
    [InlineData("http/protobuf", "/base/", "/base/v1/traces")]
    [InlineData("http/protobuf", "/v1/traces", "/v1/traces")]
    [InlineData("grpc", "", "/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    public async Task Host_EndpointOfAllSignals_IsABase(string protocol, string path, string expected)
    {
        await using var collector = await OtlpCollector.StartAsync(grpc: protocol == "grpc");

        await ExportAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address + path), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol), ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=a,other=b"));

        Assert.Equal([(expected, "a")], collector.Exports);
        Assert.Equal(2, collector.Spans.Count);
    }

    [Theory]
    [InlineData("http/protobuf", "", "/")]
    [InlineData("http/protobuf", "/in/put", "/in/put")]
    [InlineData("grpc", "", "/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    public async Task Host_VariablesForTraces_GoBeforeThoseOfAllSignals(string protocol, string path, string expected)
    {
        await using var collector = await OtlpCollector.StartAsync(grpc: protocol == "grpc");
        await using var other = await OtlpCollector.StartAsync(grpc: false);

        await ExportAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", other.Address),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.Address + path),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol == "grpc" ? "http/protobuf" : "grpc"),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", protocol),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=a"),
            ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-tenant=b"));

        Assert.Equal([(expected, "b")], collector.Exports);
        Assert.Empty(other.Exports);
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Host_OnlyVariablesForTraces_AreEnough(string protocol)
    {
        await using var collector = await OtlpCollector.StartAsync(grpc: protocol == "grpc");

        var log = await ExportAsync(("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", protocol));

        Assert.Equal(2, collector.Spans.Count);
        Assert.Equal($"Traces are exported to {collector.Address}/; of those that begin here a share of 0.1 is recorded", Assert.Single(log.Messages));
    }

    [Fact]
    public async Task Host_EndpointThatIsNoUrl_IsOneLineAndRecordsNothing()
    {
        var log = await ExportAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4317"));

        Assert.Equal("Tracing: OTEL_EXPORTER_OTLP_ENDPOINT: \"127.0.0.1:4317\" is no URL such as http://host:4317; no traces are sent to a collector", Assert.Single(log.Messages));
    }

    [Fact]
    public async Task Host_VariableOfTheSdkThatIsWrong_IsNotAFaultOfTheExport()
    {
        await using var collector = await OtlpCollector.StartAsync(grpc: true);

        var log = await ExportAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_BSP_SCHEDULE_DELAY", "soon"));

        Assert.Contains("Tracing: OTEL_BSP_SCHEDULE_DELAY: \"soon\" is not valid, and its default takes its place", log.Messages);
        Assert.DoesNotContain(log.Messages, line => line.Contains("not exported", StringComparison.Ordinal));
        Assert.Equal(2, collector.Spans.Count);
    }

    [Fact]
    public async Task Host_WithoutVariables_RecordsNothing()
    {
        using var host = Host(on: true, null);
        await host.StartAsync();

        Assert.False(host.Services.GetRequiredService<RequestTracing>().Start(Encoding.ASCII.GetBytes(Parent), default).IsRecording);
        await host.StopAsync();
    }

    [Fact]
    public async Task Host_TracingOff_RecordsNothing()
    {
        using var spans = new SpanRecorder();
        using var host = Host(on: false, null, ("OTEL_TRACES_EXPORTER", "otlp"));
        await host.StartAsync();

        TraceOne(host);
        await host.StopAsync();

        Assert.Empty(spans.Ended);
    }

    [Fact]
    public async Task Host_CollectorIsNotThere_SaysSo()
    {
        var log = new RecordingLogger();
        using var host = Host(on: true, log, ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{Loopback.FreePort()}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_TRACES_SAMPLER", "x"));
        await host.StartAsync();

        TraceOne(host);
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains(log.Messages, line => line.Contains("Traces are not exported: ", StringComparison.Ordinal));
        Assert.Contains(log.Messages, line => line.Contains("OTEL_TRACES_SAMPLER", StringComparison.Ordinal));
    }

    [Fact]
    public void JsonSpanExporter_Spans_AreObjectsOneALine()
    {
        using var output = new MemoryStream();
        using (var provider = Sdk.CreateTracerProviderBuilder().AddSource(RequestTracing.SourceName).SetSampler(new AlwaysOnSampler())
            .AddProcessor(_ => new SimpleActivityExportProcessor(new JsonSpanExporter(output))).Build())
        {
            using var tracing = new RequestTracing(new TracingSettings { Ratio = 1 });
            var trace = tracing.Start(default, default);
            var request = new InferenceRequest { RequestId = "a\nb", TargetModel = "m", Priority = -2 };
            trace.StartOrchestration(request);
            request.Trace!.SetTag("names", new[] { "x", "y" }).SetTag("scores", new[] { 0.5, double.NaN });
            trace.EndOrchestration(request, "refused");
            trace.End(null);
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var spans = lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["gateway.request_orchestration", "gateway.request"], spans.Select(span => span.GetProperty("span").GetString()));
        Assert.Equal("refused", spans[0].GetProperty("error").GetString());
        Assert.Equal(spans[1].GetProperty("span_id").GetString(), spans[0].GetProperty("parent_span_id").GetString());
        Assert.False(spans[1].TryGetProperty("parent_span_id", out _));
        var attributes = spans[0].GetProperty("attributes");
        Assert.Equal((-2, "a\nb"), (attributes.GetProperty("request_prio").GetInt32(), attributes.GetProperty("gen_ai.request.id").GetString()));
        Assert.Equal("""["x","y"]""", attributes.GetProperty("names").GetRawText());
        Assert.Equal("""[0.5,"NaN"]""", attributes.GetProperty("scores").GetRawText());
    }

    private sealed class OneLogger(RecordingLogger log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Orleans.Inference", StringComparison.Ordinal) ? log : NullLogger.Instance;

        public void Dispose()
        {
        }
    }
}
