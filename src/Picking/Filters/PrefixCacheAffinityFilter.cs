using System.Globalization;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Filters;

/// <summary>
/// <c>prefix-cache-affinity-filter</c>: keeps the servers that hold most of the prompt, where there are any, unless the fastest of them is much slower than the fastest other.
/// </summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class PrefixCacheAffinityFilter : IFilter
{
    /// <summary>The time to the first token is that of the tokens in flight at full throughput.</summary>
    internal const string FromThroughput = "prefillThroughput";

    /// <summary>The time to the first token is predicted.</summary>
    internal const string FromPredictor = "latencyPredictor";

    private readonly PrefixCacheAffinityParameters _parameters;
    private readonly bool _predicts;
    private readonly bool _precise;

    /// <summary>One with these parameters.</summary>
    /// <param name="precise">Go by what the servers' own events tell.</param>
    public PrefixCacheAffinityFilter(PrefixCacheAffinityParameters parameters, bool precise = false)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = parameters;
        _predicts = parameters.TtftSource == FromPredictor;
        _precise = precise;
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<PrefixCacheAffinityFilter, PrefixCacheAffinityParameters>("prefix-cache-affinity-filter", Create) with
    {
        Summary = "Keeps the servers that have most of the prompt cached, where there are any, unless the first token of the fastest of them would come much later than that of the fastest other: "
            + "in flight tokens / `peakPrefillThroughput` · 1,000 ms, or the predicted time.",
        Consumes = PluginData.PrefixMatch | PluginData.InFlightLoad,
        Example = """
            - type: prefix-cache-affinity-filter
              parameters:
                affinityThreshold: 0.9
                maxTTFTPenaltyMs: 5000
            """,
    };

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        if (candidates.Length <= 1 || _parameters.AffinityThreshold <= 0 || (_parameters.ExplorationProbability > 0 && context.Random.NextDouble() < _parameters.ExplorationProbability))
        {
            return candidates.Length;
        }

        // 1. The servers with the prompt to the front, and the fastest of both kinds.
        var cached = context.WithPrefix(_precise);
        var (sticky, bestSticky, bestOther) = (0, double.MaxValue, double.MaxValue);
        for (var i = 0; i < candidates.Length; i++)
        {
            var server = candidates[i];
            if (cached.PrefixShare(server) >= _parameters.AffinityThreshold)
            {
                bestSticky = Math.Min(bestSticky, FirstToken(context, server));
                (candidates[sticky], candidates[i]) = (server, candidates[sticky]);
                sticky++;
            }
            else
            {
                bestOther = Math.Min(bestOther, FirstToken(context, server));
            }
        }

        // 2. All where none has it, or where waiting for one that has it takes too long.
        var tooSlow = _parameters.MaxTTFTPenaltyMs > 0 && sticky < candidates.Length && bestSticky - bestOther > _parameters.MaxTTFTPenaltyMs;
        return sticky == 0 || tooSlow ? candidates.Length : sticky;
    }

    /// <summary>Milliseconds to the first token; a server without a prediction is never the fastest.</summary>
    private double FirstToken(in PickContext context, int server)
    {
        if (_predicts)
        {
            return context.Latency.IsEmpty ? double.MaxValue : context.Latency.Ttft[server];
        }

        var tokens = context.InFlight.Tokens;
        return tokens.IsEmpty || _parameters.PeakPrefillThroughput <= 0 ? 0 : tokens[server] / _parameters.PeakPrefillThroughput * 1000;
    }

    private static PrefixCacheAffinityFilter Create(PrefixCacheAffinityParameters parameters, PluginContext context)
    {
        context.Resolve<IDataProducer>(parameters.LatencyPredictionInfoProducerName);
        context.Resolve<IDataProducer>(parameters.InFlightLoadProducerName);
        if (parameters is { TtftSource: FromThroughput, MaxTTFTPenaltyMs: > 0, PeakPrefillThroughput: 0 })
        {
            context.Fault("peakPrefillThroughput", "peakPrefillThroughput must be above 0 where the time to the first token comes from it");
        }

        if (parameters.AffinityThreshold < 0)
        {
            context.Warn("affinityThreshold", string.Create(CultureInfo.InvariantCulture, $"affinityThreshold is {parameters.AffinityThreshold}, which counts as 0: all servers are kept"));
        }

        return new(parameters, context.IsPrecise(parameters.PrefixMatchInfoProducerName));
    }
}
