namespace Prometheus;

/// <summary>Counts observations in buckets.</summary>
public interface IHistogram : IObserver
{
    double Sum { get; }

    long Count { get; }

    void Observe(double val, long count);
}
