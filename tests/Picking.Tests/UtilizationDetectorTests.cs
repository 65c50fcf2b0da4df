using Orleans.Inference.Picking.Saturation;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests;

public sealed class UtilizationDetectorTests
{
    private const long Now = 10_000;

    [Fact]
    public void Saturation_IsTheMeanOfEachServersGreaterPart()
    {
        // 2/5 against 0.2/0.8: 0.4. 1/5 against 0.6/0.8: 0.75. Stale: 1. Never sampled: 1. (0.4 + 0.75 + 1 + 1) / 4 = 0.7875.
        var view = new ViewBuilder().Add(2, 0.2, Now).Add(1, 0.6, Now - 200).Add(0, 0, Now - 201).Add(0, 0, PoolView.NeverSampled).Build();

        Assert.Equal(0.7875, Saturation(view, 0, 1, 2, 3), 12);
        Assert.Equal(0.4, Saturation(view, 0), 12);
        Assert.Equal(1, Saturation(view));
    }

    [Fact]
    public void Keep_KeepsFreshServersBelowBothThresholds()
    {
        var view = new ViewBuilder().Add(5, 0, Now).Add(4, 0.79, Now).Add(0, 0.8, Now).Add(0, 0, Now - 201).Add(4, 0, Now).Build();

        Assert.Equal([1, 4], Keep(view, new UtilizationDetector()));
    }

    [Fact]
    public void Keep_Headroom_RaisesTheThresholds()
    {
        // 5 · 1.2 = 6 and 0.8 · 1.2 = 0.96.
        var view = new ViewBuilder().Add(5, 0.95, Now).Add(6, 0, Now).Add(0, 0.97, Now).Build();

        Assert.Equal([0], Keep(view, new UtilizationDetector(new UtilizationDetectorParameters { Headroom = 0.2 })));
    }

    [Fact]
    public void Keep_NoneLeft_KeepsAll() => Assert.Equal([0, 1], Keep(new ViewBuilder().Add(9, 0, Now).Add(0, 0, 0).Build(), new UtilizationDetector()));

    private static double Saturation(PoolView view, params int[] servers) =>
        new UtilizationDetector().Saturation(new PickContext(view, new InferenceRequest(), Now, new Random(1)), servers);

    private static int[] Keep(PoolView view, UtilizationDetector detector)
    {
        var candidates = Enumerable.Range(0, view.Count).ToArray();
        var kept = detector.Keep(new PickContext(view, new InferenceRequest(), Now, new Random(1)), candidates);
        return candidates[..kept];
    }
}
