namespace Prometheus;

/// <summary>A set of metrics that make one page.</summary>
public interface ICollectorRegistry
{
    void AddBeforeCollectCallback(Action callback);

    void AddBeforeCollectCallback(Func<CancellationToken, Task> callback);
}
