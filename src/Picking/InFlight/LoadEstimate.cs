using System.Numerics;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.InFlight;

/// <summary>The load columns of one decision: the scraped figures, and what was sent to each server since they were read.</summary>
/// <remarks>
/// <para>
/// Scraped figures are some tens of milliseconds old, and an engine updates them at the end of a step only: a request that comes during the step of a long prompt is in no scrape for half a
/// second. Without what they don't show, all requests of a burst would go to the one server that looked best before it. So what was booked since the scrape is added, and where more
/// is in flight from here than the server reports as waiting and running, the newest of that as well, as far as it is too new for the figures; never more than is in flight, so that what has ended leaves nothing behind on a
/// server that is not scraped again. With nothing in flight the columns are the view's.
/// </para>
/// <para>Working memory of one thread's decisions, grown to the largest pool seen.</para>
/// </remarks>
public sealed class LoadEstimate
{
    /// <summary>A request reaches its server, and its server's figures, within this time; until then a scrape may not show it.</summary>
    private const long Arrival = 10;

    /// <summary>What was booked this long (milliseconds) before the figures were read is in them, whatever they show: an engine need not report how many requests run.</summary>
    private const long Shown = 5_000;

    /// <summary>
    /// Figures that are older say nothing of what was booked meanwhile: from this age on (milliseconds; that of stale figures by default) a booking counts only as far as more is in
    /// flight than they show. Without it a server whose scrapes fail would have counted twice what it ran at the last of them.
    /// </summary>
    private const long Settled = 2_000;

    /// <summary>What a request takes of a KV cache whose size is not known: enough to tell two idle servers apart.</summary>
    private const double UnknownShare = 0.0005;

    private int[] _requests = [];
    private long[] _tokens = [];
    private int[] _queued = [];
    private int[] _running = [];
    private double[] _kvUsage = [];
    private int _count;

    /// <summary>Requests and tokens in flight from this process, by index in the view; valid for the candidates.</summary>
    public InFlightLoad InFlight => new(_requests.AsSpan(0, _count), _tokens.AsSpan(0, _count));

    /// <summary>Requests waiting. Requests sent since count where there is a queue already: else they run at once.</summary>
    public ReadOnlySpan<int> Queued => _queued.AsSpan(0, _count);

    /// <summary>Requests running, and those sent since.</summary>
    public ReadOnlySpan<int> Running => _running.AsSpan(0, _count);

    /// <summary>KV usage, 0 to 1 and beyond, with the prompts that were sent since.</summary>
    public ReadOnlySpan<double> KvUsage => _kvUsage.AsSpan(0, _count);

    /// <summary>Estimates the load of the candidates. Costs a few reads for each, and a look at what is in flight there and not in the figures; allocates nothing.</summary>
    /// <param name="now">Milliseconds of the clock of <see cref="PoolView.SampledAt"/>.</param>
    public void Fill(PoolView view, ReadOnlySpan<int> candidates, long now)
    {
        ArgumentNullException.ThrowIfNull(view);
        Grow(view.Count);
        view.Queued.CopyTo(_queued);
        view.Running.CopyTo(_running);
        view.KvUsage.CopyTo(_kvUsage);
        var loads = view.InFlight;
        var sampledAt = view.SampledAt;
        foreach (var i in candidates)
        {
            var load = loads[i];
            _requests[i] = Math.Max(0, load.Requests);
            _tokens[i] = Math.Max(0, load.Tokens);
            var since = Math.Max(sampledAt[i], now - Settled) - Arrival; // a server that was never scraped shows nothing: all that is in flight is unseen
            var unseen = _requests[i] - _queued[i] - _running[i];
            if (_requests[i] > 0 && (unseen > 0 || load.LastBookedAt > since))
            {
                Add(view, load, i, since, unseen, shown: sampledAt[i] == PoolView.NeverSampled ? long.MinValue : sampledAt[i] - Shown);
            }
        }
    }

    private void Add(PoolView view, ServerLoad load, int server, long since, int unseen, long shown)
    {
        var (requests, tokens) = load.BookedSince(since, unseen, _requests[server], shown);
        _running[server] += requests;
        if (_queued[server] > 0)
        {
            _queued[server] += requests;
        }

        var cache = view.Cache[server];
        var capacity = (double)cache.BlockCount * cache.BlockSize;
        _kvUsage[server] += capacity > 0 ? Math.Max(tokens, requests) / capacity : requests * UnknownShare;
    }

    private void Grow(int count)
    {
        _count = count;
        if (_requests.Length >= count)
        {
            return;
        }

        var size = (int)BitOperations.RoundUpToPowerOf2((uint)count);
        _requests = new int[size];
        _tokens = new long[size];
        _queued = new int[size];
        _running = new int[size];
        _kvUsage = new double[size];
    }
}
