using System.Collections.Immutable;

namespace Orleans.Serialization;

internal sealed class ImmutableArrayCopier<T>(bool throughWire) : ValueCopier<ImmutableArray<T>>
{
    private ValueCopier<T>? _element;

    public override ImmutableArray<T> Copy(ImmutableArray<T> value, CopyContext context)
    {
        var element = _element ??= Copiers.For<T>(throughWire);
        return value.IsDefaultOrEmpty || element.IsShallow ? value : [.. value.Select(e => element.Copy(e, context))];
    }
}
