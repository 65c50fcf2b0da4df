using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.ModelServers;

/// <summary>Where one model server's newest sample waits for the next batch to its pool.</summary>
/// <remarks>The state is guarded by the lock of its <see cref="PoolOutbox"/>.</remarks>
internal sealed class ReportSlot(PoolOutbox outbox, ModelServerAssignment assignment) : IDisposable
{
    /// <summary>
    /// A server whose figures have not changed for this long (milliseconds) is quiet: no request has come or gone there. Until then a sample without a change counts as news, for it tells that what
    /// was sent there is in the figures.
    /// </summary>
    private const long QuietAfter = 1_000;

    /// <summary>How often (milliseconds) the pool is told of a quiet server, so that its figures stay fresh: for a pool at rest, most of the work of reports and frames.</summary>
    private const long QuietInterval = 200;

    private long _changedAt;

    public ModelServerAssignment Assignment { get; } = assignment;

    /// <summary>Takes a sample; the one before is forgotten, reported or not. From any thread.</summary>
    public void Put(in ScrapeSample sample) => outbox.Put(this, sample);

    /// <summary>The newest sample; null before the first. From any thread.</summary>
    public ScrapeSample? Latest() => outbox.Latest(this);

    /// <summary>Nothing more is reported.</summary>
    public void Dispose() => outbox.Remove(this);

    /// <summary>State that only the outbox touches.</summary>
    internal ScrapeSample Sample;

    internal bool HasSample { get; private set; }

    /// <summary>When the pool was told last, in milliseconds; null for never, or in vain.</summary>
    internal long? ReportedAt { get; set; }

    internal bool IsDirty { get; set; }

    internal bool IsRemoved { get; set; }

    /// <summary>What the pool was told last; null for nothing.</summary>
    internal LoraState? ToldLora { get; set; }

    /// <summary>What the batch under way tells.</summary>
    internal LoraState? Sending { get; set; }

    internal CacheConfig? ToldCache { get; set; }

    /// <summary>Keeps a sample, the one before is forgotten; true where the pool is to be told soon.</summary>
    internal bool Keep(in ScrapeSample sample, long now)
    {
        if (!HasSample || !sample.SaysTheSameAs(Sample))
        {
            _changedAt = now;
        }

        Sample = sample;
        HasSample = true;
        return ReportedAt is not { } reportedAt || now - _changedAt < QuietAfter || now - reportedAt >= QuietInterval;
    }

    /// <summary>Since when the pool has said that it does not know the slot, in milliseconds.</summary>
    internal long? UnwantedSince { get; set; }
}
