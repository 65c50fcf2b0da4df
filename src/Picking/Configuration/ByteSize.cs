namespace Orleans.Inference.Picking.Configuration;

/// <summary>A Kubernetes quantity as a parameter: <c>1000</c>, <c>1k</c>, <c>1Gi</c>; not negative.</summary>
/// <param name="Value">As a number.</param>
public readonly record struct ByteSize(long Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
