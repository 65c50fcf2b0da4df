using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Pickers;

/// <summary><c>random-picker</c>: candidates in uniformly random order, whatever their totals.</summary>
/// <param name="maxPicks">How many servers; below 1 counts as 1.</param>
public sealed class RandomPicker(int maxPicks = 1) : IPicker
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<RandomPicker, PickerParameters>(
        "random-picker",
        (parameters, context) => new(parameters.Checked(context))) with
    {
        Summary = "Any candidates, in random order, whatever their totals.",
    };

    /// <inheritdoc/>
    public int MaxPicks { get; } = Math.Max(1, maxPicks);

    /// <inheritdoc/>
    public int Pick(in PickContext context, Span<int> candidates, Span<double> totals, Span<int> picks)
    {
        var count = Math.Min(MaxPicks, candidates.Length);
        for (var place = 0; place < count; place++)
        {
            var other = context.Random.Next(place, candidates.Length);
            (candidates[place], candidates[other]) = (candidates[other], candidates[place]);
            (totals[place], totals[other]) = (totals[other], totals[place]);
            picks[place] = candidates[place];
        }

        return count;
    }
}
