using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Filters;

/// <summary>Keeps servers whose figures are fresh; where none is, keeps all, so that a broken scrape path never refuses a request.</summary>
/// <remarks>
/// A server that was never scraped counts as stale: its zeros would otherwise win every comparison before it has shown that it lives. That the pod is
/// ready needs no filter: a view holds ready pods only.
/// </remarks>
public sealed class FreshFilter(TimeSpan staleness) : IFilter, IStaleAfter
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<FreshFilter, FreshFilterParameters>(
        "fresh-filter",
        (parameters, context) => new(parameters.Staleness ?? context.MetricsStaleness)) with
    {
        Summary = "Keeps servers whose figures are fresh; where none is, keeps all, so that a broken scrape path never refuses a request. A server that was never scraped counts as stale.",
        Example = """
            - type: fresh-filter
              parameters:
                staleness: 500ms
            """,
    };

    private readonly long _stalenessMilliseconds = (long)staleness.TotalMilliseconds;

    TimeSpan IStaleAfter.StaleAfter => staleness;

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        var oldest = context.Now - _stalenessMilliseconds;
        var sampledAt = context.View.SampledAt;
        var first = 0;
        while (first < candidates.Length && sampledAt[candidates[first]] >= oldest)
        {
            first++;
        }

        if (first == candidates.Length)
        {
            return first;
        }

        // Candidates are overwritten only once a fresh one follows a stale one, so none is lost when none is fresh.
        var kept = first;
        for (var i = first + 1; i < candidates.Length; i++)
        {
            if (sampledAt[candidates[i]] >= oldest)
            {
                (candidates[kept], candidates[i]) = (candidates[i], candidates[kept]);
                kept++;
            }
        }

        return kept == 0 ? candidates.Length : kept;
    }
}
