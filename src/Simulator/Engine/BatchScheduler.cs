namespace Orleans.Inference.Simulator.Engine;

/// <summary>Decides which sequences are in the next step, and holds their blocks and LoRA slots.</summary>
/// <remarks>Running sequences come first, then waiting ones in order; blocks that are missing are taken from the sequence that joined last.</remarks>
internal sealed class BatchScheduler(EngineOptions options, EngineStatistics statistics)
{
    private readonly AdapterSlots _adapters = new(options.AdapterSlots, options.AdapterLoadTime);
    private readonly HashSet<string> _wantedAdapters = [];
    private List<EngineRequest> _scheduled = [];
    private List<EngineRequest> _taken = [];

    public BlockPool Pool { get; } = new(options.BlockCount);

    public LinkedList<EngineRequest> Waiting { get; } = [];

    /// <summary>In the order in which they joined the batch.</summary>
    public List<EngineRequest> Running { get; } = [];

    /// <summary>When to try again although no step is in progress: an adapter will have been loaded.</summary>
    public TimeSpan? WakeAt { get; private set; }

    public StepLoad Schedule(TimeSpan now)
    {
        var budget = options.MaxBatchedTokens;
        var load = default(StepLoad);
        var preempted = ScheduleRunning(ref budget, ref load);
        if (!preempted)
        {
            ScheduleWaiting(now, ref budget, ref load);
        }

        WakeAt = Waiting.Count > 0 ? _adapters.NextReady(now) : null;
        return load;
    }

    /// <summary>The sequences of the step that ends now. The list is valid until the next call.</summary>
    public List<EngineRequest> TakeScheduled()
    {
        (_scheduled, _taken) = (_taken, _scheduled);
        _scheduled.Clear();
        return _taken;
    }

    /// <summary>The step's tokens of this sequence are in the KV cache; blocks that became full can be found from now on.</summary>
    public void Computed(EngineRequest request)
    {
        var before = request.Computed / options.BlockSize;
        request.Computed += request.Scheduled;
        request.Scheduled = 0;
        if (!options.PrefixCaching)
        {
            return;
        }

        var full = request.Computed / options.BlockSize;
        BlockHash.Extend(request, full, options.BlockSize);
        for (var i = before; i < full; i++)
        {
            Pool.Remember(request.Blocks[i], request.BlockHashes[i]);
        }
    }

    /// <summary>Takes a sequence out of queue or batch and gives back what it holds.</summary>
    public void Remove(EngineRequest request)
    {
        if (!request.IsRunning)
        {
            Waiting.Remove(request);
            return;
        }

        Running.Remove(request);
        Leave(request);
    }

    /// <returns>Whether a sequence was thrown out: then nobody new joins in this step.</returns>
    private bool ScheduleRunning(ref int budget, ref StepLoad load)
    {
        var preempted = false;
        for (var i = 0; i < Running.Count && budget > 0; i++)
        {
            var request = Running[i];
            var tokens = Math.Min(request.Known - request.Computed, budget);
            while (!TryAllocate(request, tokens))
            {
                preempted = true;
                var victim = Running[^1];
                Preempt(victim);
                if (victim == request)
                {
                    return true;
                }
            }

            Add(request, tokens, ref budget, ref load);
        }

        return preempted;
    }

    private void ScheduleWaiting(TimeSpan now, ref int budget, ref StepLoad load)
    {
        _wantedAdapters.Clear();
        var node = Waiting.First;
        while (node is not null && Running.Count < options.MaxRunning && budget > 0)
        {
            var request = node.Value;
            var next = node.Next;
            if (request.Adapter is { } adapter && (_wantedAdapters.Contains(adapter) || !_adapters.IsReady(adapter, now, _wantedAdapters)))
            {
                // Those behind it may go first: with other adapters, or without one. What one request waits for, others of the same adapter wait for too.
                _wantedAdapters.Add(adapter);
                node = next;
                continue;
            }

            var tokens = TryJoin(request, budget);
            if (tokens == 0)
            {
                return;
            }

            Waiting.Remove(node);
            Running.Add(request);
            request.IsRunning = true;
            if (request.Adapter is { } used)
            {
                _adapters.Enter(used);
            }

            if (request.FirstScheduled is null)
            {
                request.FirstScheduled = now;
                request.CachedTokens = request.Computed;
                statistics.PrefixQueries += options.PrefixCaching ? request.Prompt.Length : 0;
                statistics.PrefixHits += request.Computed;
            }

            Add(request, tokens, ref budget, ref load);
            node = next;
        }
    }

    /// <returns>Tokens to compute in this step; 0 where the blocks for them are missing (nothing is changed then).</returns>
    private int TryJoin(EngineRequest request, int budget)
    {
        var found = FindCached(request);
        var tokens = Math.Min(request.Known - (found * options.BlockSize), budget);
        var takenFromFree = 0;
        for (var i = 0; i < found; i++)
        {
            takenFromFree += Pool.TryFind(request.BlockHashes[i], out var block) && Pool.IsFree(block) ? 1 : 0;
        }

        var total = BlocksFor((found * options.BlockSize) + tokens);
        if (total - found > Pool.FreeCount - takenFromFree)
        {
            return 0;
        }

        for (var i = 0; i < found; i++)
        {
            Pool.TryFind(request.BlockHashes[i], out var block);
            Pool.Share(block);
            request.Blocks.Add(block);
        }

        request.Computed = found * options.BlockSize;
        while (request.Blocks.Count < total)
        {
            request.Blocks.Add(Pool.Take());
        }

        return tokens;
    }

    /// <summary>Leading full blocks of the known tokens that are in the cache. The last known token is always computed: its result is the next token.</summary>
    private int FindCached(EngineRequest request)
    {
        if (!options.PrefixCaching)
        {
            return 0;
        }

        var most = (request.Known - 1) / options.BlockSize;
        var found = 0;
        while (found < most)
        {
            BlockHash.Extend(request, found + 1, options.BlockSize);
            if (!Pool.TryFind(request.BlockHashes[found], out _))
            {
                break;
            }

            found++;
        }

        return found;
    }

    private bool TryAllocate(EngineRequest request, int tokens)
    {
        var total = BlocksFor(request.Computed + tokens);
        if (total - request.Blocks.Count > Pool.FreeCount)
        {
            return false;
        }

        while (request.Blocks.Count < total)
        {
            request.Blocks.Add(Pool.Take());
        }

        return true;
    }

    private void Preempt(EngineRequest victim)
    {
        statistics.Preemptions++;
        Running.RemoveAt(Running.Count - 1);
        Leave(victim);
        Waiting.AddFirst(victim);
    }

    private void Leave(EngineRequest request)
    {
        request.IsRunning = false;
        request.Computed = 0;
        request.Scheduled = 0;

        // From the end: a prefix is worth more than what follows it, and is taken for something else later.
        for (var i = request.Blocks.Count - 1; i >= 0; i--)
        {
            Pool.Release(request.Blocks[i]);
        }

        request.Blocks.Clear();
        if (request.Adapter is { } adapter)
        {
            _adapters.Leave(adapter);
        }
    }

    private void Add(EngineRequest request, int tokens, ref int budget, ref StepLoad load)
    {
        request.Scheduled = tokens;
        _scheduled.Add(request);
        budget -= tokens;
        var decodes = request.Generated > 0 && tokens == 1 && request.Known - request.Computed == 1;
        load = decodes
            ? load with { DecodingSequences = load.DecodingSequences + 1 }
            : load with { PrefillTokens = load.PrefillTokens + tokens };
    }

    private int BlocksFor(int tokens) => (tokens + options.BlockSize - 1) / options.BlockSize;
}
