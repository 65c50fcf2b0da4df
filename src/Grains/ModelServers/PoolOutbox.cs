using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.ModelServers;

/// <summary>What the model servers of one silo have to tell one activation of their pool.</summary>
/// <remarks>Samples come from scraping threads, batches are taken by the <see cref="ReportBatcher"/>, one at a time: safe from any thread.</remarks>
internal sealed class PoolOutbox(ReportBatcher batcher, string pool, Guid epoch, TimeProvider time)
{
    private readonly Lock _lock = new();
    private List<ReportSlot> _dirty = [];
    private List<ReportSlot> _inFlight = [];
    private int _slots;
    private bool _isBusy;
    private bool _isDue;

    public string Pool => pool;

    public Guid Epoch => epoch;

    /// <summary>No batch before this time, in milliseconds: the pool did not take the one before.</summary>
    public long NotBefore { get; set; } = long.MinValue;

    public ReportSlot? TryAdd(ModelServerAssignment assignment)
    {
        lock (_lock)
        {
            if (_slots < 0)
            {
                return null;
            }

            _slots++;
            return new ReportSlot(this, assignment);
        }
    }

    /// <summary>Takes a sample. It goes with the next batch; a batch is made for it unless it only repeats what the pool knows.</summary>
    public void Put(ReportSlot slot, in ScrapeSample sample)
    {
        lock (_lock)
        {
            if (slot.IsRemoved)
            {
                return;
            }

            var isDue = slot.Keep(sample, time.GetMilliseconds());
            if (!slot.IsDirty)
            {
                slot.IsDirty = true;
                _dirty.Add(slot);
            }

            if (!isDue || _isDue)
            {
                return;
            }

            _isDue = true;
        }

        batcher.Arm();
    }

    public ScrapeSample? Latest(ReportSlot slot)
    {
        lock (_lock)
        {
            return slot.HasSample ? slot.Sample : null;
        }
    }

    public void Remove(ReportSlot slot)
    {
        lock (_lock)
        {
            if (slot.IsRemoved)
            {
                return;
            }

            slot.IsRemoved = true;
            if (--_slots > 0)
            {
                return;
            }

            // Closed for good: the next assignment makes another outbox.
            _slots = -1;
        }

        batcher.Remove(this);
    }

    /// <summary>What there is to tell, if a batch is due and none is under way. Ended by <see cref="Complete"/>.</summary>
    public ReportBatch? TryTake()
    {
        lock (_lock)
        {
            if (_isBusy || !_isDue)
            {
                return null;
            }

            _isDue = false;
            (_dirty, _inFlight) = (_inFlight, _dirty);
            _inFlight.RemoveAll(slot => slot.IsRemoved);
            if (_inFlight.Count == 0)
            {
                return null;
            }

            _isBusy = true;
            return Fill();
        }
    }

    /// <summary>Ends the batch under way.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="reply">What the pool said; null where it did not take it.</param>
    /// <param name="orphanLimit">How long a slot may be unwanted.</param>
    /// <returns>Slots that have been unwanted for longer, if any.</returns>
    public List<ReportSlot>? Complete(ReportBatch batch, ReportReply? reply, TimeSpan orphanLimit)
    {
        lock (_lock)
        {
            List<ReportSlot>? orphans = null;
            if (reply is not null)
            {
                foreach (var (row, _) in batch.Lora)
                {
                    _inFlight[row].ToldLora = _inFlight[row].Sending;
                }

                foreach (var (row, cache) in batch.Cache)
                {
                    _inFlight[row].ToldCache = new CacheConfig(cache.BlockSize, cache.BlockCount);
                }

                orphans = NoteUnwanted_NeedsLock(reply.Unwanted, orphanLimit);
            }
            else
            {
                _inFlight.ForEach(static slot => slot.ReportedAt = null);
            }

            _inFlight.Clear();
            _isBusy = false;
            return orphans;
        }
    }

    /// <summary>A batch is due.</summary>
    public bool HasMore
    {
        get
        {
            lock (_lock)
            {
                return _isDue;
            }
        }
    }

    private List<ReportSlot>? NoteUnwanted_NeedsLock(int[] unwanted, TimeSpan orphanLimit)
    {
        if (unwanted.Length == 0)
        {
            return null;
        }

        List<ReportSlot>? orphans = null;
        var now = time.GetMilliseconds();
        foreach (var row in unwanted)
        {
            var slot = _inFlight[row];
            slot.UnwantedSince ??= now;
            if (now - slot.UnwantedSince > orphanLimit.TotalMilliseconds && !slot.IsRemoved)
            {
                (orphans ??= []).Add(slot);
            }
        }

        return orphans;
    }

    private ReportBatch Fill()
    {
        var count = _inFlight.Count;
        var slots = new int[count];
        var queued = new int[count];
        var running = new int[count];
        var kvUsage = new double[count];
        var ages = new int[count];
        var health = new ModelServerHealth[count];
        List<LoraChange>? lora = null;
        List<CacheChange>? cache = null;
        var now = time.GetTimestamp();
        var reportedAt = time.GetMilliseconds();
        for (var row = 0; row < count; row++)
        {
            var slot = _inFlight[row];
            ref readonly var sample = ref slot.Sample;
            slot.IsDirty = false;
            slot.ReportedAt = reportedAt;
            slots[row] = slot.Assignment.Slot;
            queued[row] = sample.Queued;
            running[row] = sample.Running;
            kvUsage[row] = sample.KvUsage;
            ages[row] = SampleConversion.AgeMs(sample, now, time);
            health[row] = SampleConversion.Health(sample.Health);
            if (!ReferenceEquals(sample.Lora, slot.ToldLora))
            {
                slot.Sending = sample.Lora;
                (lora ??= []).Add(new LoraChange(row, SampleConversion.Lora(sample.Lora)));
            }

            if (sample.Cache != slot.ToldCache)
            {
                (cache ??= []).Add(new CacheChange(row, SampleConversion.Cache(sample.Cache)));
            }
        }

        return new ReportBatch
        {
            Epoch = epoch,
            Slots = slots,
            Load = new LoadFrame { Queued = queued, Running = running, KvUsage = kvUsage, AgeMs = ages },
            Health = health,
            Lora = lora is null ? [] : [.. lora],
            Cache = cache is null ? [] : [.. cache],
        };
    }
}
