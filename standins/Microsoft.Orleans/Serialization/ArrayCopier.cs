namespace Orleans.Serialization;

internal sealed class ArrayCopier<T>(bool throughWire) : ValueCopier<T[]?>
{
    private ValueCopier<T>? _element;

    public override T[]? Copy(T[]? value, CopyContext context)
    {
        if (value is null || value.Length == 0)
        {
            return value;
        }

        if (context.TryGet<T[]>(value, out var known))
        {
            return known;
        }

        var element = _element ??= Copiers.For<T>(throughWire);
        var copy = new T[value.Length];
        context.Add(value, copy);
        if (element.IsShallow)
        {
            value.CopyTo(copy, 0);
            return copy;
        }

        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = element.Copy(value[i], context);
        }

        return copy;
    }
}
