using System.Globalization;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Reads one page of Prometheus text, in as many pieces as it comes, and keeps only what its engine's mapping asks for.</summary>
/// <remarks>
/// One instance serves one model server, page after page; in the steady state it allocates nothing. Lines of other families are not looked into.
/// A family's declared type is not asked for: gauges, counters and untyped series give their value alike.
/// </remarks>
internal sealed class MetricsPage
{
    /// <summary>Longest line of a wanted family; a vLLM server with hundreds of adapters stays under a tenth of it.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private readonly EngineMapping _mapping;
    private readonly SpecReading[] _readings;
    private byte[] _loraLabels = [];
    private int _loraLabelsLength;
    private bool _skippingLine;
    private bool _started;

    public MetricsPage(EngineMapping mapping)
    {
        _mapping = mapping;
        _readings = new SpecReading[mapping.Specs.Length];
        Begin();
    }

    /// <summary>What the page had, by index in <see cref="EngineMapping.Specs"/>.</summary>
    public ReadOnlySpan<SpecReading> Readings => _readings;

    /// <summary>Specs that have a series on the page, one bit for each.</summary>
    public uint SeenSpecs { get; private set; }

    /// <summary>The labels of the winning LoRA series, up to its closing brace.</summary>
    public ReadOnlySpan<byte> LoraLabels => _loraLabels.AsSpan(0, _loraLabelsLength);

    /// <summary>Labels of the winning cache information series; null where the label is missing or no number.</summary>
    public int? CacheBlockSize { get; private set; }

    /// <inheritdoc cref="CacheBlockSize"/>
    public int? CacheBlockCount { get; private set; }

    /// <summary>The text begins like HTML or XML.</summary>
    public bool LooksLikeHtml { get; private set; }

    /// <summary>Forgets the page before.</summary>
    public void Begin()
    {
        _readings.AsSpan().Fill(SpecReading.Nothing);
        SeenSpecs = 0;
        _loraLabelsLength = 0;
        CacheBlockSize = null;
        CacheBlockCount = null;
        LooksLikeHtml = false;
        _skippingLine = false;
        _started = false;
    }

    /// <summary>Reads on.</summary>
    /// <param name="text">What came, with the unread rest of the call before in front of it.</param>
    /// <param name="last">The page ends with this piece; its last line needs no line feed.</param>
    /// <returns>How many bytes are done with: the rest is the beginning of a line, shorter than <see cref="MaxLineBytes"/>.</returns>
    public int Read(ReadOnlySpan<byte> text, bool last)
    {
        var at = 0;
        while (at < text.Length)
        {
            var rest = text[at..];
            var length = rest.IndexOf((byte)'\n');
            if (length < 0)
            {
                return last || IsSkippable(rest) ? Finish(rest, last, text.Length) : at;
            }

            if (_skippingLine)
            {
                _skippingLine = false;
            }
            else
            {
                ReadLine(rest[..length]);
            }

            at += length + 1;
        }

        return at;
    }

    private int Finish(ReadOnlySpan<byte> rest, bool last, int consumed)
    {
        if (last && !_skippingLine)
        {
            ReadLine(rest);
        }

        _skippingLine = !last;
        return consumed;
    }

    /// <summary>Whether a line that has not come to its end can be dropped already.</summary>
    private bool IsSkippable(ReadOnlySpan<byte> begin)
    {
        if (_skippingLine)
        {
            return true;
        }

        var line = begin.TrimStart(" \t"u8);
        var isLong = begin.Length >= MaxLineBytes;
        if (!isLong && line.Length <= _mapping.Families.LongestName)
        {
            return false;
        }

        NoteStart(line);
        var family = _mapping.Families.Find(line);
        if (family is not null && isLong)
        {
            MarkMalformed(family);
        }

        return family is null || isLong;
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return;
        }

        if (line[0] is (byte)' ' or (byte)'\t')
        {
            line = line.TrimStart(" \t"u8);
        }

        if (!_started)
        {
            NoteStart(line);
        }

        var family = _mapping.Families.Find(line);
        if (family is not null)
        {
            ReadSeries(family, line[family.Name.Length..]);
        }
    }

    private void NoteStart(ReadOnlySpan<byte> line)
    {
        if (!_started && line.Length > 0 && line[0] != (byte)'\r')
        {
            _started = true;
            LooksLikeHtml = line[0] == (byte)'<';
        }
    }

    private void ReadSeries(MetricFamily family, ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t"u8);
        var labels = ReadOnlySpan<byte>.Empty;
        if (!text.IsEmpty && text[0] == (byte)'{')
        {
            labels = text[1..];
            var reader = new LabelReader(labels);
            while (reader.MoveNext())
            {
            }

            if (reader.IsMalformed)
            {
                MarkMalformed(family);
                return;
            }

            text = reader.Rest;
            labels = labels[..^(text.Length + 1)];
        }

        if (!SeriesValue.TryRead(text, out var value, out var timestamp))
        {
            MarkMalformed(family);
            return;
        }

        foreach (var index in family.Specs)
        {
            var spec = _mapping.Specs[index];
            if (Matches(spec.Metric, labels))
            {
                Offer(index, spec.Field, value, timestamp, labels);
            }
        }
    }

    private void Offer(int index, MetricField field, double value, long timestamp, ReadOnlySpan<byte> labels)
    {
        ref var reading = ref _readings[index];
        reading.Seen = true;
        SeenSpecs |= 1u << index;
        if (field == MetricField.Lora)
        {
            // The value of this gauge is the time at which its labels were true.
            if (value > (reading.Timestamp < 0 ? -1 : reading.Value))
            {
                reading.Timestamp = 0;
                reading.Value = value;
                KeepLoraLabels(labels);
            }
        }
        else if (timestamp > reading.Timestamp)
        {
            reading.Timestamp = timestamp;
            reading.Value = value;
            if (field == MetricField.CacheInfo)
            {
                ReadCacheInfo(labels);
            }
        }
    }

    private void ReadCacheInfo(ReadOnlySpan<byte> labels)
    {
        CacheBlockSize = ReadInteger(labels, _mapping.CacheBlockSizeLabel);
        CacheBlockCount = ReadInteger(labels, _mapping.CacheBlockCountLabel);
    }

    private void KeepLoraLabels(ReadOnlySpan<byte> labels)
    {
        if (_loraLabels.Length < labels.Length)
        {
            _loraLabels = new byte[Math.Max(256, labels.Length * 2)];
        }

        labels.CopyTo(_loraLabels);
        _loraLabelsLength = labels.Length;
    }

    private void MarkMalformed(MetricFamily family)
    {
        foreach (var index in family.Specs)
        {
            _readings[index].Malformed = true;
        }
    }

    private static int? ReadInteger(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> name)
    {
        var raw = Find(labels, name, out var value) ? value : default;
        return int.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static bool Matches(MetricSpec spec, ReadOnlySpan<byte> labels)
    {
        foreach (var constraint in spec.LabelsUtf8)
        {
            if (!Find(labels, constraint.Name, out var raw) || !LabelValue.Means(raw, constraint.Value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Find(ReadOnlySpan<byte> labels, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> raw)
    {
        var reader = new LabelReader(labels);
        while (reader.MoveNext())
        {
            if (reader.Name.SequenceEqual(name))
            {
                raw = reader.RawValue;
                return true;
            }
        }

        raw = default;
        return false;
    }
}
