using Orleans.Inference.Picking.Pickers;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests;

public sealed class WeightedRandomPickerTests
{
    private const int Draws = 20_000;
    private readonly Random _random = new(5);

    [Fact]
    public void Pick_ChanceIsInProportionToTheTotal()
    {
        var firsts = new int[3];
        for (var i = 0; i < Draws; i++)
        {
            firsts[Pick(1, 1, 2, 5)[0]]++;
        }

        // Expected 2,500, 5,000 and 12,500 of 20,000; three standard deviations are at most 210.
        Assert.InRange(firsts[0], 2_300, 2_700);
        Assert.InRange(firsts[1], 4_800, 5_200);
        Assert.InRange(firsts[2], 12_300, 12_700);
    }

    [Fact]
    public void Pick_SecondPlace_IsDrawnFromTheRest()
    {
        var seconds = 0;
        for (var i = 0; i < Draws; i++)
        {
            var picks = Pick(2, 1, 1, 2);
            Assert.NotEqual(picks[0], picks[1]);
            seconds += picks is [2, 0] ? 1 : 0;
        }

        // 2/4 for the first, then 1/2: 5,000 of 20,000.
        Assert.InRange(seconds, 4_800, 5_200);
    }

    [Fact]
    public void Pick_TotalsOfZeroAndBelow_ComeLast()
    {
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(1, Pick(3, 0, 0.001, -4)[0]);
        }
    }

    [Fact]
    public void Pick_NoTotalAboveZero_AllAreEqual()
    {
        var firsts = new int[2];
        for (var i = 0; i < Draws; i++)
        {
            firsts[Pick(1, 0, -1)[0]]++;
        }

        Assert.InRange(firsts[0], 9_700, 10_300);
    }

    private int[] Pick(int maxPicks, params double[] totals)
    {
        var view = new ViewBuilder();
        foreach (var _ in totals)
        {
            view.Add();
        }

        var picks = new int[maxPicks];
        var context = new PickContext(view.Build(), new InferenceRequest(), 0, _random);
        var count = new WeightedRandomPicker(maxPicks).Pick(context, Enumerable.Range(0, totals.Length).ToArray(), totals, picks);
        return picks[..count];
    }
}
