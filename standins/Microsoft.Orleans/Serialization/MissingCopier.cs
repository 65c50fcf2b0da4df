namespace Orleans.Serialization;

/// <summary>Stands for a type that can't be copied: the fault shows in the call that tries.</summary>
internal sealed class MissingCopier<T> : ValueCopier<T>
{
    public override T Copy(T value, CopyContext context) =>
        value is null
            ? value
            : throw new CodecNotFoundException($"Could not find a copier for type {typeof(T)}. Does it have [GenerateSerializer]?");
}
