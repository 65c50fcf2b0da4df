namespace Orleans.Serialization;

internal sealed class DictionaryCopier<TKey, TValue>(bool throughWire) : ValueCopier<Dictionary<TKey, TValue>?>
    where TKey : notnull
{
    private ValueCopier<TKey>? _key;
    private ValueCopier<TValue>? _value;

    public override Dictionary<TKey, TValue>? Copy(Dictionary<TKey, TValue>? value, CopyContext context)
    {
        if (value is null)
        {
            return null;
        }

        if (context.TryGet<Dictionary<TKey, TValue>>(value, out var known))
        {
            return known;
        }

        var keys = _key ??= Copiers.For<TKey>(throughWire);
        var values = _value ??= Copiers.For<TValue>(throughWire);
        var copy = new Dictionary<TKey, TValue>(value.Count, value.Comparer);
        context.Add(value, copy);
        foreach (var (k, v) in value)
        {
            copy.Add(keys.Copy(k, context), values.Copy(v, context));
        }

        return copy;
    }
}
