namespace Orleans.Inference.ExtProcGateway.View;

/// <summary>Calls something each second, at once when woken, and less often while it fails.</summary>
/// <remarks>Says once that it fails and once that it works again.</remarks>
/// <param name="what">What is renewed, for the log.</param>
internal sealed class RenewalLoop(string what, Func<Task> renew, TimeProvider time, ILogger logger)
{
    /// <summary>Time from one renewal to the next: a fifth of the time after which the pool forgets a gateway.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer may take: a frozen silo must not keep the gateway from the pool's new place.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause after failures.</summary>
    public static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(2);

    /// <summary>Shortest time between two renewals: gap upon gap must not keep a pool busy with snapshots.</summary>
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _sleep;
    private bool _isWoken;

    /// <summary>Renews as soon as may be. From any thread.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            _isWoken = true;
            _sleep?.Cancel();
        }
    }

    /// <summary>Renews until cancelled; throws nothing.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var failures = 0;
        while (!cancellation.IsCancellationRequested)
        {
            var pause = Period;
            try
            {
                await renew().WaitAsync(CallTimeout, time, cancellation).ConfigureAwait(false);
                if (failures > 0)
                {
                    failures = 0;
                    ViewLog.Recovered(logger, what);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (failures++ == 0)
                {
                    ViewLog.Lost(logger, failure, what);
                }

                pause = TimeSpan.FromMilliseconds(Math.Min(MaxBackoff.TotalMilliseconds, 100 << Math.Min(failures, 10)));
            }

            await PauseAsync(MinPause, canWake: false, cancellation).ConfigureAwait(false);
            await PauseAsync(pause - MinPause, canWake: failures == 0, cancellation).ConfigureAwait(false);
        }
    }

    private async Task PauseAsync(TimeSpan pause, bool canWake, CancellationToken cancellation)
    {
        using var sleep = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_lock)
        {
            if (canWake && _isWoken)
            {
                _isWoken = false;
                return;
            }

            _sleep = canWake ? sleep : null;
        }

        await Task.Delay(pause, time, sleep.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _sleep = null;
            _isWoken &= !canWake;
        }
    }
}
