namespace Orleans.Inference.Simulator.Engine;

/// <summary>The places for LoRA adapters on the simulated GPU.</summary>
internal sealed class AdapterSlots(int capacity, TimeSpan loadTime)
{
    private readonly List<Slot> _slots = [];
    private long _uses;

    public int Capacity => capacity;

    /// <summary>
    /// Whether a sequence of the adapter can run now. If the adapter has no slot, one is given to it where possible (a free one, or that of the
    /// adapter unused for longest) and it begins to load.
    /// </summary>
    /// <param name="wanted">Adapters that requests further in front wait for: their slots are not taken from them.</param>
    public bool IsReady(string adapter, TimeSpan now, IReadOnlySet<string> wanted)
    {
        var slot = _slots.Find(s => s.Adapter == adapter);
        if (slot is null)
        {
            if (_slots.Count == capacity)
            {
                var victim = _slots.Where(s => s.Users == 0 && !wanted.Contains(s.Adapter)).MinBy(s => s.LastUse);
                if (victim is null)
                {
                    return false;
                }

                _slots.Remove(victim);
            }

            slot = new Slot(adapter, now + loadTime) { LastUse = ++_uses };
            _slots.Add(slot);
        }

        return slot.ReadyAt <= now;
    }

    public void Enter(string adapter) => Get(adapter).Users++;

    public void Leave(string adapter)
    {
        var slot = Get(adapter);
        slot.Users--;
        slot.LastUse = ++_uses;
    }

    /// <summary>When the next adapter will have been loaded; null where none is being loaded.</summary>
    public TimeSpan? NextReady(TimeSpan now)
    {
        TimeSpan? next = null;
        foreach (var slot in _slots)
        {
            if (slot.ReadyAt > now && (next is null || slot.ReadyAt < next))
            {
                next = slot.ReadyAt;
            }
        }

        return next;
    }

    private Slot Get(string adapter)
    {
        return _slots.Find(s => s.Adapter == adapter) ?? throw new InvalidOperationException($"The adapter {adapter} has no slot.");
    }

    private sealed class Slot(string adapter, TimeSpan readyAt)
    {
        public string Adapter => adapter;

        public TimeSpan ReadyAt => readyAt;

        /// <summary>Running sequences.</summary>
        public int Users { get; set; }

        public long LastUse { get; set; }
    }
}
