namespace Prometheus;

/// <summary>Stands for an adapter that is not needed.</summary>
internal sealed class NotListening : IDisposable
{
    public void Dispose()
    {
        // Nothing was started.
    }
}
