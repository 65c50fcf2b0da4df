using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.ModelServers;

/// <summary>A scraper's sample in the words of the wire.</summary>
internal static class SampleConversion
{
    public static int AgeMs(in ScrapeSample sample, long now, TimeProvider time) =>
        sample.SampledAt == PoolView.NeverSampled
            ? LoadFrame.NeverSampled
            : (int)Math.Clamp(time.GetElapsedTime(sample.SampledAt, now).Ticks / TimeSpan.TicksPerMillisecond, 0, int.MaxValue);

    public static ModelServerLora Lora(LoraState lora) =>
        ReferenceEquals(lora, LoraState.None)
            ? ModelServerLora.None
            : new ModelServerLora { Active = lora.Active.ToArray(), Waiting = lora.Waiting.ToArray(), MaxActive = lora.MaxActive };

    public static ModelServerCache Cache(CacheConfig cache) => new(cache.BlockSize, cache.BlockCount);

    public static ModelServerHealth Health(ScrapeHealth health) => health.Failure switch
    {
        ScrapeFailure.None => ModelServerHealth.Healthy,
        ScrapeFailure.Connect or ScrapeFailure.Closed or ScrapeFailure.Reset => ModelServerHealth.Unreachable,
        ScrapeFailure.TimedOut => ModelServerHealth.TimedOut,
        _ => ModelServerHealth.BadAnswer,
    };
}
