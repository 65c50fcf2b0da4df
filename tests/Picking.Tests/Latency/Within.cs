namespace Orleans.Inference.Picking.Tests.Latency;

/// <summary>Numbers that differ by no more than this are equal.</summary>
internal sealed class Within(double tolerance) : IEqualityComparer<double>
{
    public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

    public int GetHashCode(double obj) => 0;
}
