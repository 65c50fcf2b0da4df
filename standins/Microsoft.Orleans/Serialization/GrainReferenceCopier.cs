namespace Orleans.Serialization;

/// <summary>References are shared; one that leaves its silo is bound to where it goes.</summary>
internal sealed class GrainReferenceCopier<T> : ValueCopier<T>
{
    public override T Copy(T value, CopyContext context)
    {
        if (value is not IAddressable addressable)
        {
            return value;
        }

        var reference = GrainExtensions.ReferenceOf(addressable);
        if (context.Destination is { } destination)
        {
            reference = reference.BindTo(destination);
        }

        return (T)(object)reference.CastTo(typeof(T).IsInterface ? typeof(T) : reference.Interface.Type);
    }
}
