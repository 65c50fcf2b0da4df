using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Pickers;

/// <summary><c>max-score-picker</c>: the best total first, equal ones in uniformly random order.</summary>
/// <param name="maxPicks">How many servers; below 1 counts as 1.</param>
public sealed class MaxScorePicker(int maxPicks = 1) : IPicker
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<MaxScorePicker, PickerParameters>(
        "max-score-picker",
        (parameters, context) => new(parameters.Checked(context))) with
    {
        Summary = "The best total first; equal ones in random order.",
        Example = """
            - type: max-score-picker
              parameters:
                maxNumOfEndpoints: 2
            """,
    };

    /// <inheritdoc/>
    public int MaxPicks { get; } = Math.Max(1, maxPicks);

    /// <inheritdoc/>
    public int Pick(in PickContext context, Span<int> candidates, Span<double> totals, Span<int> picks)
    {
        var count = Math.Min(MaxPicks, candidates.Length);
        for (var place = 0; place < count; place++)
        {
            // One pass a pick: cheaper than a sort for the few picks that a gateway can use.
            var best = Best(totals[place..], context.Random) + place;
            (candidates[place], candidates[best]) = (candidates[best], candidates[place]);
            (totals[place], totals[best]) = (totals[best], totals[place]);
            picks[place] = candidates[place];
        }

        return count;
    }

    /// <summary>Index of the greatest total, each of equal ones with the same chance (reservoir sampling).</summary>
    private static int Best(ReadOnlySpan<double> totals, Random random)
    {
        var best = 0;
        var ties = 1;
        for (var i = 1; i < totals.Length; i++)
        {
            if (totals[i] > totals[best])
            {
                best = i;
                ties = 1;
            }
            else if (totals[i] == totals[best] && random.Next(++ties) == 0)
            {
                best = i;
            }
        }

        return best;
    }
}
