using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

/// <summary>Looks all the time whether a pool's view is there and knows all of its servers.</summary>
internal sealed class ViewWatch : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _watching;

    public ViewWatch(PoolState pool)
    {
        _watching = Task.Run(async () =>
        {
            var bad = 0;
            while (!_stop.IsCancellationRequested)
            {
                bad += pool.View is { Count: > 0 } view && !view.SampledAt.Contains(PoolView.NeverSampled) ? 0 : 1;
                await Task.Delay(1);
            }

            return bad;
        });
    }

    /// <summary>How often it was not so.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _watching;
    }

    public void Dispose() => _stop.Dispose();
}
