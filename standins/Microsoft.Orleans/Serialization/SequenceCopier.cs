namespace Orleans.Serialization;

/// <summary>Copies a collection by building it again from copies of its elements.</summary>
internal sealed class SequenceCopier<TCollection, T>(
    bool throughWire, bool isImmutable, Func<TCollection, IEnumerable<T>, TCollection> rebuild) : ValueCopier<TCollection?>
    where TCollection : class, IEnumerable<T>
{
    private ValueCopier<T>? _element;

    public override TCollection? Copy(TCollection? value, CopyContext context)
    {
        if (value is null)
        {
            return value;
        }

        var element = _element ??= Copiers.For<T>(throughWire);
        if (isImmutable && element.IsShallow)
        {
            return value;
        }

        if (context.TryGet<TCollection>(value, out var known))
        {
            return known;
        }

        // Complete before it is recorded: a collection that contains itself is no value that crosses calls.
        var copy = rebuild(value, element.IsShallow ? value : value.Select(e => element.Copy(e, context)));
        context.Add(value, copy);
        return copy;
    }
}
