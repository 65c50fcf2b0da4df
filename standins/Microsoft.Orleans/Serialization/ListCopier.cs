namespace Orleans.Serialization;

internal sealed class ListCopier<T>(bool throughWire) : ValueCopier<List<T>?>
{
    private ValueCopier<T>? _element;

    public override List<T>? Copy(List<T>? value, CopyContext context)
    {
        if (value is null)
        {
            return null;
        }

        if (context.TryGet<List<T>>(value, out var known))
        {
            return known;
        }

        var element = _element ??= Copiers.For<T>(throughWire);
        var copy = new List<T>(value.Count);
        context.Add(value, copy);
        if (element.IsShallow)
        {
            copy.AddRange(value);
            return copy;
        }

        foreach (var item in value)
        {
            copy.Add(element.Copy(item, context));
        }

        return copy;
    }
}
