using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>What is known of one model server after a scrape, successful or not.</summary>
/// <param name="Queued">Requests waiting.</param>
/// <param name="Running">Requests in execution.</param>
/// <param name="KvUsage">Part of the KV cache in use, 0 to 1.</param>
/// <param name="Lora">Adapters; the same instance as in the sample before while they are the same.</param>
/// <param name="Cache">KV-cache configuration.</param>
/// <param name="SampledAt">
/// Timestamp of the scraper's <see cref="TimeProvider"/> at which the figures were read; <see cref="PoolView.NeverSampled"/> before the first success.
/// After a failed scrape the figures and this time are those of the last good one.
/// </param>
/// <param name="Health">Whether this scrape succeeded, and if not, why.</param>
internal readonly record struct ScrapeSample(
    int Queued,
    int Running,
    double KvUsage,
    LoraState Lora,
    CacheConfig Cache,
    long SampledAt,
    ScrapeHealth Health)
{
    /// <summary>Nothing but the time differs.</summary>
    public bool SaysTheSameAs(in ScrapeSample other) =>
        Queued == other.Queued && Running == other.Running && KvUsage.Equals(other.KvUsage) && ReferenceEquals(Lora, other.Lora) && Cache == other.Cache && Health == other.Health;
}
