using Microsoft.Extensions.Logging;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.Pools;

/// <summary>The gateways that follow one pool.</summary>
/// <remarks>Runs in the pool grain's turns; pushes are awaited in the background, each gateway by itself, so that a slow one delays nobody.</remarks>
internal sealed class GatewaySubscribers(string pool, GrainsOptions options, TimeProvider time, GrainsMetrics metrics, ILogger logger)
{
    /// <summary>
    /// Frames under way to one gateway. At a frame every 25 ms this bridges a pause of 0.2 s, such as a garbage collection; to one that is slower
    /// load frames are left out, for the next one says it all.
    /// </summary>
    public const int Window = 8;

    private readonly Dictionary<string, Subscriber> _subscribers = new(StringComparer.Ordinal);

    public int Count => _subscribers.Count;

    /// <summary>Adds a gateway or renews it.</summary>
    /// <param name="known">Version that it has, of this epoch; null for none.</param>
    /// <param name="version">Version that the next frame builds on.</param>
    /// <returns>True where it needs a snapshot, false where it has all, or it is on its way.</returns>
    public bool Renew(string gateway, IPoolObserver observer, long? known, long version)
    {
        bool current;
        if (_subscribers.TryGetValue(gateway, out var subscriber))
        {
            // What was pushed since the renewal before may still be under way; what was pushed before that has had a second.
            current = known >= subscriber.VersionAtRenewal && !subscriber.HasMissed;
        }
        else
        {
            subscriber = new Subscriber();
            _subscribers.Add(gateway, subscriber);
            current = known == version;
            PoolLog.Subscribed(logger, pool, gateway);
        }

        subscriber.Observer = observer;
        subscriber.RenewedAt = time.GetMilliseconds();
        subscriber.VersionAtRenewal = version;
        subscriber.HasMissed = false;
        return !current;
    }

    public void Remove(string gateway) => _subscribers.Remove(gateway);

    public void Clear() => _subscribers.Clear();

    /// <summary>Pushes a frame to all.</summary>
    public void Push(PoolFrame frame)
    {
        var pushed = 0;
        foreach (var (gateway, subscriber) in _subscribers)
        {
            if (subscriber.InFlight >= Window)
            {
                subscriber.HasMissed |= frame.FromVersion != frame.ToVersion;
                metrics.PushSkipped();
            }
            else
            {
                subscriber.InFlight++;
                pushed++;
                _ = PushAsync(gateway, subscriber, frame);
            }
        }

        metrics.Pushed(pushed);
    }

    /// <summary>Ends the subscriptions that were not renewed in time.</summary>
    public void Expire()
    {
        var oldest = time.GetMilliseconds() - (long)options.SubscriptionLifetime.TotalMilliseconds;
        foreach (var (gateway, subscriber) in _subscribers)
        {
            if (subscriber.RenewedAt < oldest)
            {
                _subscribers.Remove(gateway);
                PoolLog.SubscriptionExpired(logger, pool, gateway);
            }
        }
    }

    private async Task PushAsync(string gateway, Subscriber subscriber, PoolFrame frame)
    {
        try
        {
            await subscriber.Observer.OnFrame(frame);
        }
        catch (Exception failure)
        {
            // A gateway that is gone does not renew; one that is not notices the gap.
            subscriber.HasMissed |= frame.FromVersion != frame.ToVersion;
            PoolLog.PushFailed(logger, failure, pool, gateway);
        }
        finally
        {
            subscriber.InFlight--;
        }
    }

    private sealed class Subscriber
    {
        public IPoolObserver Observer { get; set; } = null!;

        public long RenewedAt { get; set; }

        public long VersionAtRenewal { get; set; }

        public int InFlight { get; set; }

        /// <summary>A frame with changes did not reach it since its last renewal.</summary>
        public bool HasMissed { get; set; }
    }
}
