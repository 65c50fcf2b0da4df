using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Scorers;

namespace Orleans.Inference.Picking.Tests.Pickers;

public sealed class WeightedRandomPickerTests
{
    private const int Draws = 20_000;

    /// <summary>How often each server was picked at each place, in <see cref="Draws"/> decisions.</summary>
    private static int[,] Count(WeightedRandomPicker picker, params double[] totals)
    {
        var view = Scoring.Servers(totals.Length);
        var random = new Random(7);
        var counts = new int[picker.MaxPicks, totals.Length];
        var picks = new int[picker.MaxPicks];
        for (var i = 0; i < Draws; i++)
        {
            var candidates = Enumerable.Range(0, totals.Length).ToArray();
            var picked = picker.Pick(new PickContext(view, new(), 0, random), candidates, (double[])totals.Clone(), picks);
            Assert.Equal(picked, picks[..picked].Distinct().Count());
            for (var place = 0; place < picked; place++)
            {
                counts[place, picks[place]]++;
            }
        }

        return counts;
    }

    /// <summary>Within five standard deviations of a binomial distribution.</summary>
    private static void AssertChance(double chance, int count)
    {
        var deviation = 5 * Math.Sqrt(Draws * chance * (1 - chance));
        Assert.InRange(count, (Draws * chance) - deviation, (Draws * chance) + deviation);
    }

    [Fact]
    public void Pick_One_HasTheChanceOfItsTotal()
    {
        var counts = Count(new WeightedRandomPicker(), 1, 2, 5);

        AssertChance(1 / 8.0, counts[0, 0]);
        AssertChance(2 / 8.0, counts[0, 1]);
        AssertChance(5 / 8.0, counts[0, 2]);
    }

    [Fact]
    public void Pick_Two_DrawsTheSecondFromWhatIsLeft()
    {
        // P(2nd = a) = P(1st = b) * 1/(1+5) + P(1st = c) * 1/(1+2) = 2/8 * 1/6 + 5/8 * 1/3 = 1/24 + 5/24 = 1/4
        // P(2nd = b) = 1/8 * 2/7 + 5/8 * 2/3 = 1/28 + 5/12 = 19/42
        var counts = Count(new WeightedRandomPicker(2), 1, 2, 5);

        AssertChance(5 / 8.0, counts[0, 2]);
        AssertChance(1 / 4.0, counts[1, 0]);
        AssertChance(19 / 42.0, counts[1, 1]);
    }

    [Fact]
    public void Pick_SmallTotals_KeepTheirRatio()
    {
        // U^(1/1e-6) is 0 as a double for nearly all U: the ratio 1 to 3 shows that keys are compared all the same.
        var counts = Count(new WeightedRandomPicker(), 1e-6, 3e-6);

        AssertChance(0.25, counts[0, 0]);
    }

    [Fact]
    public void Pick_NothingOrLess_ComesLast()
    {
        var counts = Count(new WeightedRandomPicker(2), 0, 3, -1);

        Assert.Equal(Draws, counts[0, 1]);
        Assert.Equal(0, counts[0, 0] + counts[0, 2]);
        Assert.Equal(Draws, counts[1, 0] + counts[1, 2]);
    }

    [Fact]
    public void Pick_NoneAboveNothing_IsUniform()
    {
        var counts = Count(new WeightedRandomPicker(), 0, -2, 0, 0);

        for (var i = 0; i < 4; i++)
        {
            AssertChance(0.25, counts[0, i]);
        }
    }
}
