using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orleans.Inference.Picking.Tracing;

namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>Exports the recorded spans while the host runs, and what is left of them when it stops.</summary>
/// <param name="variables">The OTEL_ variables; those that <paramref name="settings"/> do not hold (OTEL_BSP_…, OTEL_RESOURCE_ATTRIBUTES) are read by OpenTelemetry's own code.</param>
internal sealed class TracingService(TracingSettings settings, IConfiguration variables, TimeProvider time, ILogger<TracingService> log) : IHostedService, IDisposable
{
    /// <summary>The reference picker's name, so that dashboards find the service.</summary>
    private const string ServiceName = "llm-d-epp";

    private const int FlushMilliseconds = 5000;

    private TracerProvider? _provider;
    private TracingFaults? _faults;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in settings.Warnings)
        {
            TracingLog.VariableIgnored(log, warning);
        }

        if (settings.Exporters == TraceExporters.None)
        {
            return Task.CompletedTask;
        }

        _faults = new TracingFaults(log, time);
        var builder = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(OtlpTarget.Without(variables)))
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService(ServiceName).AddTelemetrySdk().AddEnvironmentVariableDetector())
            .SetSampler(new AlwaysOnSampler()) // RequestTracing has sampled before
            .AddSource(RequestTracing.SourceName, SchedulingTrace.SourceName);
        if (settings.Collector is { } collector)
        {
            builder.AddOtlpExporter(collector.Apply);
        }

        if (settings.Exporters.HasFlag(TraceExporters.Console))
        {
            builder.AddProcessor(_ => new BatchActivityExportProcessor(new JsonSpanExporter(Console.OpenStandardOutput())));
        }

        _provider = builder.Build();
        TracingLog.Exporting(log, string.Join(", ", Targets()), settings.Ratio);
        return Task.CompletedTask;
    }

    private IEnumerable<string> Targets()
    {
        if (settings.Collector is { } collector)
        {
            yield return collector.ToString();
        }

        if (settings.Exporters.HasFlag(TraceExporters.Console))
        {
            yield return "standard output";
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_provider is { } provider)
        {
            await Task.Run(() => provider.Shutdown(FlushMilliseconds), CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _provider?.Dispose();
        _faults?.Dispose();
    }
}
