using System.Buffers;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Pickers;

/// <summary>
/// <c>weighted-random-picker</c>: chance in proportion to the total, without replacement (A-Res: each candidate's key is U^(1/total), the greatest keys win). A total of 0 or less has
/// no chance while others have more; where none has, all are equal.
/// </summary>
/// <param name="maxPicks">How many servers; below 1 counts as 1.</param>
public sealed class WeightedRandomPicker(int maxPicks = 1) : IPicker
{
    private readonly RandomPicker _uniform = new(maxPicks);

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<WeightedRandomPicker, PickerParameters>(
        "weighted-random-picker",
        (parameters, context) => new(parameters.Checked(context))) with
    {
        Summary = "Chance in proportion to the total. A total of 0 or less is picked only where nothing else is left; where no candidate has more, all are equal.",
        Formula = "key = U^(1/total), U random in (0, 1]; the greatest keys win",
    };

    /// <inheritdoc/>
    public int MaxPicks { get; } = Math.Max(1, maxPicks);

    /// <inheritdoc/>
    public int Pick(in PickContext context, Span<int> candidates, Span<double> totals, Span<int> picks)
    {
        // The totals stay what they are: the gateway may be told of them.
        var rented = ArrayPool<double>.Shared.Rent(totals.Length);
        var keys = rented.AsSpan(0, totals.Length);
        var count = DrawKeys(context.Random, totals, keys) ? PickGreatest(candidates, totals, keys, picks) : _uniform.Pick(context, candidates, totals, picks);
        ArrayPool<double>.Shared.Return(rented);
        return count;
    }

    private int PickGreatest(Span<int> candidates, Span<double> totals, Span<double> keys, Span<int> picks)
    {
        var count = Math.Min(MaxPicks, candidates.Length);
        for (var place = 0; place < count; place++)
        {
            var best = place;
            for (var i = place + 1; i < keys.Length; i++)
            {
                best = keys[i] > keys[best] ? i : best;
            }

            (candidates[place], candidates[best]) = (candidates[best], candidates[place]);
            (totals[place], totals[best]) = (totals[best], totals[place]);
            (keys[place], keys[best]) = (keys[best], keys[place]);
            picks[place] = candidates[place];
        }

        return count;
    }

    /// <summary>Draws the keys, as logarithms: U^(1/total) of small totals is too small for a double. False where no total is above 0.</summary>
    private static bool DrawKeys(Random random, ReadOnlySpan<double> totals, Span<double> keys)
    {
        var any = false;
        for (var i = 0; i < totals.Length; i++)
        {
            any |= totals[i] > 0;
            keys[i] = totals[i] > 0 ? Math.Log(1 - random.NextDouble()) / totals[i] : double.NegativeInfinity;
        }

        return any;
    }
}
