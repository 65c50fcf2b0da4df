using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.ModelServers;

/// <summary>Where one model server's newest sample waits for the next batch to its pool.</summary>
/// <remarks>The state is guarded by the lock of its <see cref="PoolOutbox"/>.</remarks>
internal sealed class ReportSlot(PoolOutbox outbox, ModelServerAssignment assignment) : IDisposable
{
    public ModelServerAssignment Assignment { get; } = assignment;

    /// <summary>Takes a sample; the one before is forgotten, reported or not. From any thread.</summary>
    public void Put(in ScrapeSample sample) => outbox.Put(this, sample);

    /// <summary>The newest sample; null before the first. From any thread.</summary>
    public ScrapeSample? Latest() => outbox.Latest(this);

    /// <summary>Nothing more is reported.</summary>
    public void Dispose() => outbox.Remove(this);

    /// <summary>State that only the outbox touches.</summary>
    internal ScrapeSample Sample;

    internal bool HasSample { get; set; }

    internal bool IsDirty { get; set; }

    internal bool IsRemoved { get; set; }

    /// <summary>What the pool was told last; null for nothing.</summary>
    internal LoraState? ToldLora { get; set; }

    /// <summary>What the batch under way tells.</summary>
    internal LoraState? Sending { get; set; }

    internal CacheConfig? ToldCache { get; set; }

    /// <summary>Since when the pool has said that it does not know the slot, in milliseconds.</summary>
    internal long? UnwantedSince { get; set; }
}
