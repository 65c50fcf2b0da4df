using System.Globalization;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>The last good figures of one model server, field by field.</summary>
/// <remarks>A field that a page lacks, or gives a value that cannot be, keeps what it was.</remarks>
internal sealed class ServerFigures(EngineMapping mapping)
{
    private byte[] _loraLabels = [];
    private int _loraLabelsLength = -1;

    public int Queued { get; private set; }

    public int Running { get; private set; }

    public double KvUsage { get; private set; }

    public LoraState Lora { get; private set; } = LoraState.None;

    public CacheConfig Cache { get; private set; }

    /// <summary>Takes over what a complete page had.</summary>
    public PageOutcome Apply(MetricsPage page)
    {
        var applied = 0;
        var missing = 0;
        var bad = 0;
        var specs = mapping.Specs;
        for (var i = 0; i < specs.Length; i++)
        {
            var field = specs[i].Field;
            var reading = page.Readings[i];
            if (!reading.Seen && !reading.Malformed && i + 1 < specs.Length && specs[i + 1].Field == field)
            {
                continue; // the next spec is this field's other name
            }

            if (reading.Seen && reading.Timestamp >= 0 && TryApply(field, reading.Value, page))
            {
                applied++;
            }
            else if (reading.Seen || reading.Malformed)
            {
                bad++;
            }
            else
            {
                missing++;
            }

            while (i + 1 < specs.Length && specs[i + 1].Field == field)
            {
                i++;
            }
        }

        return new PageOutcome(applied, missing, bad);
    }

    private bool TryApply(MetricField field, double value, MetricsPage page)
    {
        if (field is MetricField.Lora)
        {
            return TryApplyLora(page.LoraLabels);
        }

        if (field is MetricField.CacheInfo)
        {
            Cache = new CacheConfig(page.CacheBlockSize ?? Cache.BlockSize, page.CacheBlockCount ?? Cache.BlockCount);
            return page.CacheBlockSize is not null && page.CacheBlockCount is not null;
        }

        if (!double.IsFinite(value) || value < 0)
        {
            return false;
        }

        if (field is MetricField.KvUsage)
        {
            KvUsage = Math.Min(value, 1);
            return true;
        }

        return value <= int.MaxValue && ApplyCount(field, (int)value);
    }

    private bool ApplyCount(MetricField field, int count)
    {
        switch (field)
        {
            case MetricField.Queued:
                Queued = count;
                break;
            case MetricField.Running:
                Running = count;
                break;
            case MetricField.CacheBlockSize:
                Cache = Cache with { BlockSize = count };
                break;
            default:
                Cache = Cache with { BlockCount = count };
                break;
        }

        return true;
    }

    private bool TryApplyLora(ReadOnlySpan<byte> labels)
    {
        if (_loraLabelsLength == labels.Length && labels.SequenceEqual(_loraLabels.AsSpan(0, _loraLabelsLength)))
        {
            return true;
        }

        string[] active = [];
        string[] waiting = [];
        var max = 0;
        var reader = new LabelReader(labels);
        while (reader.MoveNext())
        {
            if (reader.Name.SequenceEqual("running_lora_adapters"u8))
            {
                active = ReadNames(reader.RawValue);
            }
            else if (reader.Name.SequenceEqual("waiting_lora_adapters"u8))
            {
                waiting = ReadNames(reader.RawValue);
            }
            else if (reader.Name.SequenceEqual("max_lora"u8)
                && !int.TryParse(reader.RawValue, NumberStyles.None, CultureInfo.InvariantCulture, out max))
            {
                return false;
            }
        }

        if (max != Lora.MaxActive || !Lora.Active.SequenceEqual(active) || !Lora.Waiting.SequenceEqual(waiting))
        {
            Lora = new LoraState(active, waiting, max);
        }

        _loraLabels = labels.ToArray();
        _loraLabelsLength = labels.Length;
        return true;
    }

    /// <summary>Reads a comma-separated set, sorted, so that the same set in another order is the same state.</summary>
    private static string[] ReadNames(ReadOnlySpan<byte> raw)
    {
        var names = LabelValue.Decode(raw).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
