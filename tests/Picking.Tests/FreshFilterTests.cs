using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests;

public sealed class FreshFilterTests
{
    private static int[] Keep(PoolView view, long now)
    {
        var candidates = Enumerable.Range(0, view.Count).ToArray();
        var kept = new FreshFilter(TimeSpan.FromSeconds(2)).Keep(new PickContext(view, new InferenceRequest(), now, new Random(1)), candidates);
        return candidates[..kept];
    }

    [Fact]
    public void Keep_SomeStale_KeepsTheFreshInOrder()
    {
        var view = new ViewBuilder().Add(sampledAt: 1000).Add(sampledAt: 9000).Add(sampledAt: PoolView.NeverSampled).Add(sampledAt: 8000).Build();

        Assert.Equal([1, 3], Keep(view, now: 10_000));
    }

    [Fact]
    public void Keep_AgeExactlyTheThreshold_CountsAsFresh()
    {
        var view = new ViewBuilder().Add(sampledAt: 8000).Add(sampledAt: 7999).Build();

        Assert.Equal([0], Keep(view, now: 10_000));
    }

    [Fact]
    public void Keep_NoneFresh_KeepsAll()
    {
        var view = new ViewBuilder().Add(sampledAt: 1000).Add(sampledAt: PoolView.NeverSampled).Build();

        Assert.Equal([0, 1], Keep(view, now: 100_000));
    }
}
