namespace Prometheus;

/// <summary>Only grows.</summary>
public interface ICounter : ICollectorChild
{
    double Value { get; }

    void Inc(double increment = 1.0);

    /// <summary>Grows to the value unless it is there already.</summary>
    void IncTo(double targetValue);
}
