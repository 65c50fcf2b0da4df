namespace Orleans.Serialization;

internal abstract class ValueCopier<T> : ValueCopier
{
    public abstract T Copy(T value, CopyContext context);

    public sealed override object? CopyBoxed(object? value, CopyContext context) => value is null ? null : Copy((T)value, context);
}
