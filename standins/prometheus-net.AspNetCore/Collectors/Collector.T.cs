using System.Collections.Concurrent;

namespace Prometheus;

/// <inheritdoc/>
/// <remarks>Thread-safe.</remarks>
public abstract class Collector<TChild> : Collector
    where TChild : ChildBase
{
    private readonly ConcurrentDictionary<string[], TChild> _children = new(LabelValuesComparer.Instance);
    private readonly ConcurrentDictionary<string[], TChild>.AlternateLookup<ReadOnlySpan<string>> _childrenBySpan;
    private readonly bool _suppressInitialValue;
    private long _childrenMade;

    private protected Collector(string name, string help, string[] labelNames, bool suppressInitialValue)
        : base(name, help, labelNames)
    {
        _childrenBySpan = _children.GetAlternateLookup<ReadOnlySpan<string>>();
        _suppressInitialValue = suppressInitialValue;
    }

    /// <summary>The one child of a metric without labels.</summary>
    protected internal TChild Unlabelled => WithLabels([]);

    /// <summary>The child with these values, in the order of the names; made when there is none.</summary>
    public TChild WithLabels(params string[] labelValues)
    {
        ArgumentNullException.ThrowIfNull(labelValues);
        return WithLabels(labelValues.AsSpan());
    }

    /// <summary>The child with these values, in the order of the names; made when there is none.</summary>
    public TChild WithLabels(ReadOnlyMemory<string> labelValues) => WithLabels(labelValues.Span);

    /// <summary>The child with these values, in the order of the names; made when there is none.</summary>
    public TChild WithLabels(ReadOnlySpan<string> labelValues)
    {
        if (_childrenBySpan.TryGetValue(labelValues, out var child))
        {
            return child;
        }

        if (labelValues.Length != LabelNames.Length)
        {
            throw new InvalidOperationException(
                $"The number of label values ({labelValues.Length}) does not match the number of label names ({LabelNames.Length}).");
        }

        string[] values = [.. labelValues];
        if (Array.IndexOf(values, null) >= 0)
        {
            throw new ArgumentNullException(nameof(labelValues), "A label value cannot be null.");
        }

        child = CreateChild(values, publish: !_suppressInitialValue);
        child.Order = Interlocked.Increment(ref _childrenMade);
        return _children.GetOrAdd(values, child);
    }

    /// <summary>Ends a series.</summary>
    public void RemoveLabelled(params string[] labelValues) => Remove(labelValues);

    /// <summary>The label values of all children.</summary>
    public IEnumerable<string[]> GetAllLabelValues() => _children.Keys.Where(values => values.Length > 0).Select(values => values.ToArray());

    internal override void Write(PageWriter page)
    {
        if (LabelNames.Length == 0)
        {
            _ = Unlabelled;
        }

        // Series keep their places from page to page.
        foreach (var child in _children.Values.Where(child => child.IsPublished).OrderBy(child => child.Order))
        {
            child.Write(page);
        }
    }

    internal override void RemoveUnusedSince(long timestamp)
    {
        foreach (var (values, child) in _children)
        {
            if (child.LastUsed is { } lastUsed && lastUsed < timestamp)
            {
                _children.TryRemove(values, out _);
            }
        }
    }

    private protected abstract TChild CreateChild(string[] labelValues, bool publish);

    private protected override void Remove(string[] labelValues) => _children.TryRemove(labelValues, out _);
}
