namespace Orleans.Serialization;

/// <summary>What one deep copy has copied so far, so that an object which is referred to twice stays one object.</summary>
internal sealed class CopyContext : IDisposable
{
    [ThreadStatic]
    private static CopyContext? _spare;

    private readonly Dictionary<object, object> _copies = new(ReferenceEqualityComparer.Instance);

    private CopyContext()
    {
    }

    /// <summary>Where the copy goes; null for a copy within a silo.</summary>
    public Node? Destination { get; private set; }

    public static CopyContext Rent(Node? destination)
    {
        var context = _spare ?? new CopyContext();
        _spare = null;
        context.Destination = destination;
        return context;
    }

    public bool TryGet<T>(object original, out T copy)
    {
        if (_copies.Count > 0 && _copies.TryGetValue(original, out var known))
        {
            copy = (T)known;
            return true;
        }

        copy = default!;
        return false;
    }

    public void Add(object original, object copy) => _copies[original] = copy;

    public void Dispose()
    {
        _copies.Clear();
        Destination = null;
        _spare = this;
    }
}
