using System.Globalization;

namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>What the standard variables of OpenTelemetry (<c>OTEL_…</c>) say of traces.</summary>
/// <remarks>
/// Differs from the reference picker in one point: without any variable, it writes a tenth of all requests to standard output as many-lined JSON, between the lines of its log;
/// here nothing is exported until a variable asks for it.
/// </remarks>
internal sealed record TracingSettings
{
    /// <summary>The reference picker's share of traces that are started here.</summary>
    public const double DefaultRatio = 0.1;

    /// <summary>Where spans go.</summary>
    public TraceExporters Exporters { get; init; }

    /// <summary>The collector; null where none gets spans.</summary>
    public OtlpTarget? Collector { get; init; }

    /// <summary>A request that belongs to a trace is recorded if that is, and not by chance.</summary>
    public bool ParentBased { get; init; } = true;

    /// <summary>Share of the other requests that are recorded, 0 to 1.</summary>
    public double Ratio { get; init; } = DefaultRatio;

    /// <summary>What is wrong with the variables, one line each; defaults take the place of what is.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Reads the variables.</summary>
    public static TracingSettings From(IConfiguration variables)
    {
        var warnings = new List<string>();
        var (parentBased, ratio) = ReadSampler(variables, warnings);
        var exporters = bool.TryParse(variables["OTEL_SDK_DISABLED"], out var disabled) && disabled ? TraceExporters.None : ReadExporters(variables, warnings);
        var collector = exporters.HasFlag(TraceExporters.Otlp) ? OtlpTarget.From(variables, warnings) : null;
        return new TracingSettings
        {
            Exporters = collector is null ? exporters & ~TraceExporters.Otlp : exporters,
            Collector = collector,
            ParentBased = parentBased,
            Ratio = ratio,
            Warnings = warnings,
        };
    }

    private static TraceExporters ReadExporters(IConfiguration variables, List<string> warnings)
    {
        if (variables["OTEL_TRACES_EXPORTER"] is not { Length: > 0 } names)
        {
            return variables.AsEnumerable().Any(variable => variable.Value is { Length: > 0 } && IsOfTraces(variable.Key)) ? TraceExporters.Otlp : TraceExporters.None;
        }

        var exporters = TraceExporters.None;
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            switch (name)
            {
                case "console":
                    exporters |= TraceExporters.Console;
                    break;
                case "otlp":
                    exporters |= TraceExporters.Otlp;
                    break;
                case "none":
                    break;
                default:
                    warnings.Add($"OTEL_TRACES_EXPORTER: \"{name}\" is none of otlp, console, none");
                    break;
            }
        }

        return exporters;
    }

    private static bool IsOfTraces(string variable) =>
        variable.StartsWith(OtlpTarget.Prefix, StringComparison.OrdinalIgnoreCase)
        && !variable.StartsWith(OtlpTarget.Prefix + "METRICS_", StringComparison.OrdinalIgnoreCase)
        && !variable.StartsWith(OtlpTarget.Prefix + "LOGS_", StringComparison.OrdinalIgnoreCase);

    private static (bool ParentBased, double Ratio) ReadSampler(IConfiguration variables, List<string> warnings)
    {
        var sampler = variables["OTEL_TRACES_SAMPLER"] is { Length: > 0 } name ? name : "parentbased_traceidratio";
        var parentBased = sampler.StartsWith("parentbased_", StringComparison.Ordinal);
        switch (parentBased ? sampler["parentbased_".Length..] : sampler)
        {
            case "always_on":
                return (parentBased, 1);
            case "always_off":
                return (parentBased, 0);
            case "traceidratio":
                return (parentBased, ReadRatio(variables, warnings));
            default:
                warnings.Add($"OTEL_TRACES_SAMPLER: \"{sampler}\" is not known; parentbased_traceidratio takes its place");
                return (true, DefaultRatio);
        }
    }

    private static double ReadRatio(IConfiguration variables, List<string> warnings)
    {
        if (variables["OTEL_TRACES_SAMPLER_ARG"] is not { Length: > 0 } text)
        {
            return DefaultRatio;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1)
        {
            return ratio;
        }

        warnings.Add($"OTEL_TRACES_SAMPLER_ARG: \"{text}\" is no number from 0 to 1; 0.1 takes its place");
        return DefaultRatio;
    }
}
