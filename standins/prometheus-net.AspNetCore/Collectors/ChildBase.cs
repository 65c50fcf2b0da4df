namespace Prometheus;

/// <summary>A metric with one set of label values.</summary>
public abstract class ChildBase : ICollectorChild, IDisposable
{
    private readonly Collector _parent;
    private volatile bool _published;
    private long _lastUsed = long.MaxValue;

    private protected ChildBase(Collector parent, string[] labelValues, bool publish)
    {
        _parent = parent;
        LabelValues = labelValues;
        Labels = PageWriter.FormatLabels(parent.LabelNames, labelValues);
        _published = publish;
    }

    internal string[] LabelValues { get; }

    internal string Labels { get; }

    /// <summary>The older of two children has the lower.</summary>
    internal long Order { get; set; }

    internal bool IsPublished => _published;

    /// <summary>When an adapter last gave a value, in the timestamps of the system's <see cref="TimeProvider"/>; null = never one did.</summary>
    internal long? LastUsed => Volatile.Read(ref _lastUsed) is var used && used == long.MaxValue ? null : used;

    private protected string Name => _parent.Name;

    /// <summary>Shows the series from now on.</summary>
    public void Publish() => _published = true;

    /// <summary>Hides the series until its next value.</summary>
    public void Unpublish() => _published = false;

    /// <summary>Ends the series.</summary>
    public void Remove() => _parent.RemoveChild(this);

    public void Dispose()
    {
        Remove();
        GC.SuppressFinalize(this);
    }

    internal abstract void Write(PageWriter page);

    internal void Touch(long timestamp) => Volatile.Write(ref _lastUsed, timestamp);
}
