namespace Orleans.Serialization;

/// <summary>Copies values of one type deeply.</summary>
internal abstract class ValueCopier
{
    /// <summary>Values are shared instead of copied: they can't change.</summary>
    public virtual bool IsShallow => false;

    public abstract object? CopyBoxed(object? value, CopyContext context);
}
