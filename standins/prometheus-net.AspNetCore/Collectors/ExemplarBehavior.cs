namespace Prometheus;

/// <summary>Where a metric's exemplars come from. The stand-in has none in any case.</summary>
public sealed class ExemplarBehavior
{
    /// <summary>No exemplars.</summary>
    public static ExemplarBehavior NoExemplars() => new();
}
