namespace Orleans.Serialization;

internal sealed class NullableCopier<T>(bool throughWire) : ValueCopier<T?>
    where T : struct
{
    private readonly ValueCopier<T> _inner = Copiers.For<T>(throughWire);

    public override bool IsShallow => _inner.IsShallow;

    public override T? Copy(T? value, CopyContext context) => value is { } present ? _inner.Copy(present, context) : null;
}
