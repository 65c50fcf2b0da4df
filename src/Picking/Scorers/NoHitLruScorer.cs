using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>
/// <c>no-hit-lru-scorer</c>: spreads requests that find nothing cached. With a hit on any candidate 0.5 for all; else, over N candidates, 1 − i/(N−1) for the i-th that got no such request
/// yet, then 1 − (their count + position)/(N−1), at least 0, for the others, with their position among all that got one, oldest first; 1 for a single candidate.
/// </summary>
/// <param name="lruSize"><c>lruSize</c>: servers whose last use is remembered; below 1 counts as the default.</param>
/// <param name="prefill">Index of the profile that picks who processes the prompt; -1 for none.</param>
/// <param name="precise">Go by what the servers' own events tell.</param>
public sealed class NoHitLruScorer(int lruSize = NoHitLruScorer.DefaultLruSize, int prefill = -1, bool precise = false) : IScorer, IPreRequest, ISuccessor, IStateReporter
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<NoHitLruScorer, NoHitLruScorerParameters>("no-hit-lru-scorer", Create) with
    {
        Summary = "Spreads requests of which no server has anything cached over the servers that got such a request longest ago.",
        Formula = "0.5 for all where any candidate has a match; else over N candidates 1 − i/(N−1) for the i-th never used, then 1 − (never used + position)/(N−1), oldest use first; 1 where N is 1",
        Consumes = PluginData.PrefixMatch,
        Example = """
            - type: no-hit-lru-scorer
              parameters:
                lruSize: 2048
            """,
    };

    /// <summary>The default of <c>lruSize</c>.</summary>
    public const int DefaultLruSize = 1024;

    private readonly int _size = lruSize < 1 ? DefaultLruSize : lruSize;

    /// <summary>By pool: each has numbers of its own for its servers.</summary>
    private ConcurrentDictionary<string, ServerUseOrder> _used = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var numbers = context.View.Numbers;
        var match = context.WithPrefix(precise).Prefix;
        if (HasHit(match, candidates, numbers))
        {
            match.HitSeen = true;
            scores.Fill(0.5);
        }
        else if (candidates.Length == 1)
        {
            scores[0] = 1;
        }
        else
        {
            ScoreCold(OrderOf(context.View.Pool), candidates, numbers, scores);
        }
    }

    /// <inheritdoc/>
    public void BeforeRequest(in PickContext context, in PickResult result, RequestEdits edits)
    {
        var numbers = context.View.Numbers;
        var match = context.WithPrefix(precise).Prefix;
        Sent(match, context.View.Pool, numbers[result.Primary[0]]);
        if (result.BestOf(prefill) is >= 0 and var server)
        {
            Sent(match, context.View.Pool, numbers[server]);
        }
    }

    /// <summary>Marks a server as the last that got a cold request; does nothing where the request was not cold.</summary>
    /// <param name="match">The match of the request, as it was scored.</param>
    /// <param name="pool">The server's pool, <c>namespace/name</c>.</param>
    /// <param name="server">The server's number.</param>
    public void Sent(PrefixMatch match, string pool, int server)
    {
        ArgumentNullException.ThrowIfNull(match);
        if (!match.HitSeen)
        {
            OrderOf(pool).Use(server);
        }
    }

    /// <inheritdoc/>
    public void TakeOver(object predecessor)
    {
        ArgumentNullException.ThrowIfNull(predecessor);
        var before = ((NoHitLruScorer)predecessor)._used;
        _used = new(before.Select(order => KeyValuePair.Create(order.Key, ServerUseOrder.Of(order.Value, _size))), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public JsonNode? ReportState()
    {
        var servers = new JsonObject();
        foreach (var (pool, order) in _used)
        {
            servers[pool] = order.Count;
        }

        return new JsonObject { ["servers"] = servers, ["lruSize"] = _size };
    }

    private ServerUseOrder OrderOf(string pool) => _used.GetOrAdd(pool, static (_, size) => new(size), _size);

    private static NoHitLruScorer Create(NoHitLruScorerParameters parameters, PluginContext context)
    {
        return new(parameters.LruSize, context.Profiles.IndexOf("prefill"), context.IsPrecise(parameters.PrefixMatchInfoProducerName));
    }

    private static bool HasHit(PrefixMatch match, ReadOnlySpan<int> candidates, ReadOnlySpan<int> numbers)
    {
        if (match.Servers.IsEmpty)
        {
            return false;
        }

        foreach (var candidate in candidates)
        {
            if (match.Blocks(numbers[candidate]) > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static void ScoreCold(ServerUseOrder order, ReadOnlySpan<int> candidates, ReadOnlySpan<int> numbers, Span<double> scores)
    {
        var highest = 0;
        foreach (var candidate in candidates)
        {
            highest = Math.Max(highest, numbers[candidate]);
        }

        // Rented, not kept: one scorer serves all threads.
        var rented = ArrayPool<int>.Shared.Rent(order.Size + highest + 1);
        var used = rented.AsSpan(0, order.Size);
        used = used[..order.CopyTo(used)];
        var positions = rented.AsSpan(order.Size, highest + 1);
        positions.Fill(-1);
        for (var i = 0; i < used.Length; i++)
        {
            if (used[i] <= highest)
            {
                positions[used[i]] = i;
            }
        }

        var others = candidates.Length - 1.0;
        var neverUsed = 0;
        foreach (var candidate in candidates)
        {
            neverUsed += positions[numbers[candidate]] < 0 ? 1 : 0;
        }

        var next = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var position = positions[numbers[candidates[i]]];
            scores[i] = 1 - ((position < 0 ? next++ : neverUsed + position) / others);
            scores[i] = Math.Max(0, scores[i]);
        }

        ArrayPool<int>.Shared.Return(rented);
    }
}
