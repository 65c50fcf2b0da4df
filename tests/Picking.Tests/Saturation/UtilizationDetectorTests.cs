using Orleans.Inference.Picking.Saturation;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Saturation;

public sealed class UtilizationDetectorTests
{
    private const long Now = 10_000;

    private static double Saturation(PoolView view, params int[] servers) => new UtilizationDetector().Saturation(new PickContext(view, new(), Now, new Random(1)), servers);

    private static int[] Keep(UtilizationDetector detector, PoolView view)
    {
        var candidates = Enumerable.Range(0, view.Count).ToArray();
        return candidates[..detector.Keep(new PickContext(view, new(), Now, new Random(1)), candidates)];
    }

    [Fact]
    public void Saturation_FreshServers_IsTheMeanOfTheFullerHalves()
    {
        // max(2/5, 0.2/0.8) = 0.4; max(1/5, 0.72/0.8) = 0.9; max(10/5, 0) = 2: 3.3 / 3 = 1.1
        var view = new ViewBuilder().Add(queued: 2, kv: 0.2, sampledAt: Now).Add(queued: 1, kv: 0.72, sampledAt: Now).Add(queued: 10, sampledAt: Now).Build();

        Assert.Equal(1.1, Saturation(view, 0, 1, 2), 1e-12);
    }

    [Fact]
    public void Saturation_StaleOrNeverScraped_CountsAsOne()
    {
        // 200 ms old is fresh: 0; 201 ms: 1; never: 1: 2/3
        var view = new ViewBuilder().Add(sampledAt: Now - 200).Add(sampledAt: Now - 201).Add(sampledAt: PoolView.NeverSampled).Build();

        Assert.Equal(2 / 3.0, Saturation(view, 0, 1, 2), 1e-12);
    }

    [Fact]
    public void Saturation_NoServers_IsOne() => Assert.Equal(1, Saturation(new ViewBuilder().Build()));

    [Fact]
    public void Keep_Thresholds_AreStrict()
    {
        var view = new ViewBuilder()
            .Add(queued: 5, sampledAt: Now) // 5 is not below 5
            .Add(queued: 4, kv: 0.79, sampledAt: Now)
            .Add(kv: 0.8, sampledAt: Now)
            .Add(sampledAt: Now - 201)
            .Add(sampledAt: Now - 200)
            .Build();

        Assert.Equal([1, 4], Keep(new UtilizationDetector(), view));
    }

    [Fact]
    public void Keep_Headroom_MovesBothThresholds()
    {
        // 5 * 1.2 = 6 and 0.8 * 1.2 = 0.96
        var detector = Loading.Accept("plugins: [{type: utilization-detector, parameters: {headroom: 0.2}}]\n").Find<UtilizationDetector>()!;
        var view = new ViewBuilder().Add(queued: 5, kv: 0.95, sampledAt: Now).Add(queued: 6, sampledAt: Now).Add(kv: 0.97, sampledAt: Now).Build();

        Assert.Equal([0], Keep(detector, view));
    }

    [Fact]
    public void Keep_NoneLeft_KeepsAllInTheirOrder()
    {
        var view = new ViewBuilder().Add(queued: 9, sampledAt: Now).Add().Add(kv: 1, sampledAt: Now).Build();

        Assert.Equal([0, 1, 2], Keep(new UtilizationDetector(), view));
    }

    [Theory]
    [InlineData("flowControl: {saturationDetector: {pluginRef: mine}}")]
    [InlineData("saturationDetector: {pluginRef: mine}")]
    [InlineData("flowControl: {saturationDetector: {pluginRef: mine}}\nsaturationDetector: {pluginRef: other}")]
    public void Load_Named_IsTheDetector(string section)
    {
        var configuration = Loading.Accept($"plugins: [{{type: utilization-detector, name: other}}, {{type: utilization-detector, name: mine}}]\n{section}\n");

        Assert.Same(configuration.Plugins.Single(plugin => plugin.Name == "mine").Plugin, configuration.SaturationDetector);
    }
}
