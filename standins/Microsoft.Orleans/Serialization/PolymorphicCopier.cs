namespace Orleans.Serialization;

/// <summary>Copies a value by its type at run time.</summary>
internal sealed class PolymorphicCopier<T>(bool throughWire) : ValueCopier<T>
{
    public override T Copy(T value, CopyContext context)
    {
        if (value is null || value.GetType() == typeof(object))
        {
            return value;
        }

        return (T)Copiers.For(value.GetType(), throughWire).CopyBoxed(value, context)!;
    }
}
