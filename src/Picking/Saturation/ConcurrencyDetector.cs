using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Saturation;

/// <summary>
/// <c>concurrency-detector</c>: how full a pool is, by the requests or tokens that the picker has in flight on its servers. As a filter it keeps servers below their limits; none where none is.
/// </summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class ConcurrencyDetector : ISaturationDetector, IFilter
{
    internal const string ByRequests = "requests";
    internal const string ByTokens = "tokens";
    internal const string ByBoth = "hybrid";

    private readonly double _maxRequests;
    private readonly double _maxTokens;
    private readonly double _requestLimit;
    private readonly double _tokenLimit;
    private readonly string _mode;

    /// <summary>One with these parameters.</summary>
    public ConcurrencyDetector(ConcurrencyDetectorParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _mode = parameters.ConcurrencyMode;
        _maxRequests = parameters.MaxConcurrency;
        _maxTokens = parameters.MaxTokenConcurrency;

        // What does not count, does not limit.
        _requestLimit = _mode == ByTokens ? double.PositiveInfinity : _maxRequests * (1 + parameters.Headroom);
        _tokenLimit = _mode == ByRequests ? double.PositiveInfinity : _maxTokens * (1 + parameters.Headroom);
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<ConcurrencyDetector, ConcurrencyDetectorParameters>("concurrency-detector", Create) with
    {
        Summary = "Says how full a pool is by the requests or tokens that the picker has in flight on its servers: from 1 on, requests with a priority below 0 are shed. As a filter, keeps servers below their limits, and none where none is.",
        Formula = "`requests`: in flight on all servers / (servers · maxConcurrency); `tokens`: the same with tokens and maxTokenConcurrency; `hybrid`: mean over the servers of the greater of both; no servers count 1",
        Consumes = PluginData.InFlightLoad | PluginData.Tokens,
        Example = """
            - type: concurrency-detector
              parameters:
                concurrencyMode: hybrid
                maxConcurrency: 64
                maxTokenConcurrency: 500000
            """,
    };

    /// <inheritdoc/>
    public double Saturation(in PickContext context, ReadOnlySpan<int> servers)
    {
        if (servers.IsEmpty)
        {
            return 1;
        }

        var sum = 0.0;
        foreach (var server in servers)
        {
            var (requests, tokens) = LoadOf(context, server);
            sum += _mode switch
            {
                ByRequests => requests / _maxRequests,
                ByTokens => tokens / _maxTokens,
                _ => Math.Max(requests / _maxRequests, tokens / _maxTokens),
            };
        }

        // All servers have the same capacity, so the sum over the sum of capacities is the mean.
        return sum / servers.Length;
    }

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        var kept = 0;
        foreach (var server in candidates)
        {
            var (requests, tokens) = LoadOf(context, server);
            if (requests < _requestLimit && tokens < _tokenLimit)
            {
                candidates[kept++] = server;
            }
        }

        return kept;
    }

    private static (int Requests, long Tokens) LoadOf(in PickContext context, int server)
    {
        var load = context.InFlight;
        return (load.Requests.IsEmpty ? 0 : load.Requests[server], load.Tokens.IsEmpty ? 0 : load.Tokens[server]);
    }

    private static ConcurrencyDetector Create(ConcurrencyDetectorParameters parameters, PluginContext context)
    {
        context.Resolve<IDataProducer>(parameters.InFlightLoadProducerName);
        Headroom.Check(parameters.Headroom, context);
        return new(parameters);
    }
}
