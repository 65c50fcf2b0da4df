using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Everything a plugin may look at while one request is scheduled.</summary>
/// <param name="view">The state of the pool, the same for all plugins of one decision.</param>
/// <param name="request">The request.</param>
/// <param name="now">Milliseconds of the clock of <see cref="PoolView.SampledAt"/>.</param>
/// <param name="random">Chance, of the calling thread only.</param>
/// <param name="prefix">What the servers hold of the request's prompts; null where the pool has no prefix index.</param>
public readonly ref struct PickContext(PoolView view, InferenceRequest request, long now, Random random, PrefixMatch? prefix = null)
{
    /// <summary>The state of the pool.</summary>
    public PoolView View { get; } = view;

    /// <summary>The request.</summary>
    public InferenceRequest Request { get; } = request;

    /// <summary>Milliseconds of the clock of <see cref="PoolView.SampledAt"/>.</summary>
    public long Now { get; } = now;

    /// <summary>Chance; not shared with other threads.</summary>
    public Random Random { get; } = random;

    /// <summary>What the servers hold of the request's prompts, by their number in <see cref="PoolView.Numbers"/>; an empty match where nothing is known.</summary>
    public PrefixMatch Prefix { get; init; } = prefix ?? PrefixMatch.None;

    /// <summary>
    /// The same as the servers' own events tell it; what <see cref="Prefix"/> says where the prompt's tokens are not known, and null where the configuration has no source of events.
    /// </summary>
    public PrefixMatch? PrecisePrefix { get; init; }

    /// <summary>Tokens of the request's pictures, videos and sounds that the servers have encoded, by number like <see cref="Prefix"/>, as «blocks»; an empty match where nothing is known.</summary>
    public PrefixMatch Media { get; init; } = PrefixMatch.None;

    /// <summary>The load as it is estimated to be now; null takes the scraped figures as they are.</summary>
    public LoadEstimate? Load { get; init; }

    /// <summary>Requests waiting on each server, with those that were sent since it was scraped.</summary>
    public ReadOnlySpan<int> Queued => Load is null ? View.Queued : Load.Queued;

    /// <summary>Requests running on each server, with those that were sent since it was scraped.</summary>
    public ReadOnlySpan<int> Running => Load is null ? View.Running : Load.Running;

    /// <summary>KV usage of each server, 0 to 1, with the prompts that were sent since it was scraped; can be above 1 then.</summary>
    public ReadOnlySpan<double> KvUsage => Load is null ? View.KvUsage : Load.KvUsage;

    /// <summary>Requests and tokens in flight on each server; empty columns where nothing is known.</summary>
    public InFlightLoad InFlight { get; init; }

    /// <summary>How long the request is predicted to take on each server; empty columns where nothing is predicted.</summary>
    public LatencyPredictions Latency { get; init; }

    /// <summary>The same for a plugin that goes by the servers' own events: <see cref="Prefix"/> is <see cref="PrecisePrefix"/> there.</summary>
    /// <param name="precise">False leaves it as it is.</param>
    public PickContext WithPrefix(bool precise) => precise && PrecisePrefix is { } match ? this with { Prefix = match } : this;

    /// <summary>Part of the request's prompts that a server holds, 0 to 1.</summary>
    /// <param name="server">Index in the view.</param>
    public double PrefixShare(int server) => Prefix.TotalBlocks == 0 ? 0 : (double)Prefix.Blocks(View.Numbers[server]) / Prefix.TotalBlocks;
}
