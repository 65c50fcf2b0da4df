namespace Orleans.Serialization;

internal sealed class SharedCopier<T> : ValueCopier<T>
{
    public override bool IsShallow => true;

    public override T Copy(T value, CopyContext context) => value;
}
