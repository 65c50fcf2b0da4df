using System.Buffers;
using System.Text;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer.Metrics;

/// <summary>Writes the Prometheus text format as Python's prometheus_client writes it.</summary>
/// <param name="names">Names of the samples to write, as in <c>?name[]=</c>; null for all.</param>
internal sealed class MetricsText(IBufferWriter<byte> output, IReadOnlySet<string>? names)
{
    private string _family = "";
    private string _help = "";
    private string _type = "";
    private bool _headWritten;

    /// <summary>Begins a family. Its head is written with its first sample.</summary>
    public void Family(string name, string help, string type)
    {
        (_family, _help, _type) = (name, help, type);

        // prometheus_client leaves a family out only where it was asked for names.
        _headWritten = false;
        if (names is null)
        {
            WriteHead();
        }
    }

    /// <summary>A sample of the family begun last.</summary>
    /// <param name="labels">As they stand between the braces; empty for none.</param>
    public void Sample(string labels, double value) => Sample(_family, labels, value);

    /// <summary>A family of one gauge.</summary>
    public void Gauge(string name, string help, string labels, double value)
    {
        Family(name, help, "gauge");
        Sample(labels, value);
    }

    /// <summary>A counter, and the gauge with its time of creation.</summary>
    /// <param name="name">Without <c>_total</c>.</param>
    public void Counter(string name, string help, double created, params ReadOnlySpan<(string Labels, double Value)> series)
    {
        Family(name + "_total", help, "counter");
        foreach (var (labels, value) in series)
        {
            Sample(labels, value);
        }

        Family(name + "_created", help, "gauge");
        foreach (var (labels, _) in series)
        {
            Sample(labels, created);
        }
    }

    /// <summary>A histogram, and the gauge with its time of creation.</summary>
    public void Histogram(string name, string help, double created, string labels, Histogram histogram)
    {
        Family(name, help, "histogram");
        var separator = labels.Length > 0 ? "," : "";
        var below = 0L;
        for (var i = 0; i < histogram.Counts.Length; i++)
        {
            below += histogram.Counts[i];
            var bound = i < histogram.Bounds.Length ? MetricValue.Format(histogram.Bounds[i]) : "+Inf";
            Sample(name + "_bucket", $"{labels}{separator}le=\"{bound}\"", below);
        }

        Sample(name + "_count", labels, histogram.Count);
        Sample(name + "_sum", labels, histogram.Sum);
        Family(name + "_created", help, "gauge");
        Sample(labels, created);
    }

    private void Sample(string name, string labels, double value)
    {
        if (names is not null && !names.Contains(name))
        {
            return;
        }

        WriteHead();
        Write(name);
        if (labels.Length > 0)
        {
            Write("{");
            Write(labels);
            Write("}");
        }

        Write(" ");
        Write(MetricValue.Format(value));
        Write("\n");
    }

    private void WriteHead()
    {
        if (_headWritten)
        {
            return;
        }

        _headWritten = true;
        Write("# HELP ");
        Write(_family);
        Write(" ");
        Write(_help);
        Write("\n# TYPE ");
        Write(_family);
        Write(" ");
        Write(_type);
        Write("\n");
    }

    private void Write(string text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, span));
    }
}
