namespace Orleans.Inference.Picking.Scheduling;

/// <summary>One header that is set or taken away; valid until its <see cref="HeaderEdits"/> change.</summary>
public readonly ref struct HeaderEdit
{
    /// <summary>Its name, in lower case.</summary>
    public required ReadOnlySpan<byte> Name { get; init; }

    /// <summary>What it is set to; empty where it is taken away.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The header is taken away.</summary>
    public bool IsRemoval { get; init; }
}
