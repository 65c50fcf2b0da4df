using System.Globalization;
using System.Text;

namespace Prometheus;

/// <summary>Writes one page of metrics.</summary>
internal sealed class PageWriter(ExpositionFormat format)
{
    private const string CounterSuffix = "_total";

    private readonly StringBuilder _page = new();

    private bool IsOpenMetrics => format == ExpositionFormat.OpenMetricsText;

    public void WriteFamily(string name, string help, MetricType type)
    {
        var family = name;
        var typeName = type switch { MetricType.Counter => "counter", MetricType.Gauge => "gauge", _ => "histogram" };
        if (IsOpenMetrics && type == MetricType.Counter)
        {
            // OpenMetrics names a counter without its suffix, and knows no counter that has none.
            if (name.EndsWith(CounterSuffix, StringComparison.Ordinal))
            {
                family = name[..^CounterSuffix.Length];
            }
            else
            {
                typeName = "unknown";
            }
        }

        _page.Append("# HELP ").Append(family).Append(' ').Append(string.IsNullOrWhiteSpace(help) ? "" : help).Append('\n')
            .Append("# TYPE ").Append(family).Append(' ').Append(typeName).Append('\n');
    }

    public void WriteSample(string name, string labels, double value)
    {
        WriteSeries(name, labels, le: null);
        _page.Append(FormatDouble(value)).Append('\n');
    }

    public void WriteSample(string name, string labels, long value, double? le = null)
    {
        WriteSeries(name, labels, le);
        _page.Append(CultureInfo.InvariantCulture, $"{value}").Append('\n');
    }

    public byte[] Finish()
    {
        if (IsOpenMetrics)
        {
            _page.Append("# EOF\n");
        }

        return PrometheusConstants.ExportEncoding.GetBytes(_page.ToString());
    }

    /// <summary>A child's labels as they stand between the braces.</summary>
    public static string FormatLabels(ReadOnlySpan<string> names, ReadOnlySpan<string> values)
    {
        var labels = new StringBuilder();
        for (var i = 0; i < names.Length; i++)
        {
            labels.Append(i == 0 ? "" : ",").Append(names[i]).Append("=\"");
            labels.Append(values[i]
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal));
            labels.Append('"');
        }

        return labels.ToString();
    }

    private void WriteSeries(string name, string labels, double? le)
    {
        _page.Append(name);
        if (labels.Length > 0 || le is not null)
        {
            _page.Append('{').Append(labels);
            if (le is { } bound)
            {
                _page.Append(labels.Length > 0 ? "," : "").Append("le=\"").Append(FormatBound(bound)).Append('"');
            }

            _page.Append('}');
        }

        _page.Append(' ');
    }

    private string FormatBound(double bound) => double.IsPositiveInfinity(bound) ? "+Inf" : FormatDouble(bound);

    private string FormatDouble(double value)
    {
        var text = value.ToString("g", CultureInfo.InvariantCulture);
        if (!IsOpenMetrics)
        {
            return text;
        }

        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }

        return text.AsSpan().ContainsAny('.', 'e') ? text : text + ".0";
    }
}
