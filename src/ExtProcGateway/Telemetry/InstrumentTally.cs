using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>What one instrument of a meter has counted since the page was last written. Safe from any thread.</summary>
internal sealed class InstrumentTally(Instrument instrument)
{
    private readonly string _name = NameOf(instrument);
    private readonly TallyCounter _untagged = new();
    private readonly ConcurrentDictionary<object, TallyCounter> _byTag = new();
    private volatile string? _label;
    private volatile bool _counted;

    /// <summary>True for what only grows.</summary>
    private bool IsCounter { get; } = instrument is Counter<long>;

    public void Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            _counted = true;
            _untagged.Add(value);
            return;
        }

        _label ??= tags[0].Key;
        var tag = tags[0].Value ?? "";
        if (!_byTag.TryGetValue(tag, out var tally))
        {
            tally = _byTag.GetOrAdd(tag, _ => new TallyCounter());
        }

        tally.Add(value);
    }

    /// <summary>Moves what was counted to the page's metrics.</summary>
    public void Flush(IMetricFactory factory, ScrapeErrors scrapeErrors)
    {
        // Whether an instrument has a tag, and which, is known from its first measurement on.
        if (_counted)
        {
            Move(factory, _untagged.Take(), [], []);
        }

        if (_label is not { } label)
        {
            return;
        }

        foreach (var (tag, tally) in _byTag)
        {
            var count = tally.Take();
            var value = Convert.ToString(tag, CultureInfo.InvariantCulture)!;
            Move(factory, count, [label], [value]);
            scrapeErrors.Take(instrument, value, count);
        }
    }

    private void Move(IMetricFactory factory, long count, string[] labels, string[] values)
    {
        var help = instrument.Description ?? instrument.Name;
        if (IsCounter)
        {
            factory.CreateCounter(_name, help, labels).WithLabels(values).Inc(count);
        }
        else
        {
            factory.CreateGauge(_name, help, labels).WithLabels(values).Inc(count);
        }
    }

    private static string NameOf(Instrument instrument)
    {
        var name = new StringBuilder();
        foreach (var letter in $"{instrument.Meter.Name}_{instrument.Name}")
        {
            name.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
        }

        return name.Append(instrument is Counter<long> ? "_total" : "").ToString();
    }
}
