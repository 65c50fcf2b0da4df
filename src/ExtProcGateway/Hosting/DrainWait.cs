using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>
/// The first part of a drain: the process is not ready any more, but serves on as before, new connections too, until those who send it requests have noticed. A gateway's
/// health check takes a second or two for that, and an endpoint's removal in Kubernetes reaches it seconds after SIGTERM.
/// </summary>
internal sealed class DrainWait(OpenCalls calls, TimeProvider time)
{
    /// <summary>No new stream for this long: nobody sends any more.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until no new stream has come for <see cref="QuietTime"/>, at most half of <paramref name="drainTimeout"/>: the rest is for streams in flight.</summary>
    /// <param name="cancellation">Ends the wait early; no error.</param>
    /// <returns>What is left of <paramref name="drainTimeout"/>.</returns>
    public async Task<TimeSpan> RunAsync(TimeSpan drainTimeout, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var limit = drainTimeout / 2;
        var quietSince = began;
        var seen = calls.Begun;
        while (time.GetElapsedTime(began) < limit && time.GetElapsedTime(quietSince) < QuietTime && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(Look, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (calls.Begun != seen)
            {
                seen = calls.Begun;
                quietSince = time.GetTimestamp();
            }
        }

        var left = drainTimeout - time.GetElapsedTime(began);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
