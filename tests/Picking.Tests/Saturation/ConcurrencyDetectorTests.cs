using Orleans.Inference.Picking.Saturation;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Configuration;
using Orleans.Inference.Picking.Tests.Scorers;

namespace Orleans.Inference.Picking.Tests.Saturation;

public sealed class ConcurrencyDetectorTests
{
    private static readonly PoolView View = Scoring.Servers(2);

    private static ConcurrencyDetector Detector(string mode, double headroom = 0) =>
        new(new ConcurrencyDetectorParameters { ConcurrencyMode = mode, MaxConcurrency = 10, MaxTokenConcurrency = 1_000, Headroom = headroom });

    private static double Saturation(ConcurrencyDetector detector, int[]? requests, long[]? tokens, params int[] servers) =>
        detector.Saturation(new PickContext(View, new(), 0, new Random(1)) { InFlight = new(requests, tokens) }, servers);

    private static int[] Keep(ConcurrencyDetector detector, int[]? requests, long[]? tokens)
    {
        int[] candidates = [0, 1];
        return candidates[..detector.Keep(new PickContext(View, new(), 0, new Random(1)) { InFlight = new(requests, tokens) }, candidates)];
    }

    [Theory]
    [InlineData("requests", 0.6)] // (8 + 4) / (2 * 10)
    [InlineData("tokens", 0.5)] // (100 + 900) / (2 * 1,000)
    [InlineData("hybrid", 0.85)] // (max(0.8, 0.1) + max(0.4, 0.9)) / 2
    public void Saturation_Mode_CountsWhatItSays(string mode, double expected) =>
        Assert.Equal(expected, Saturation(Detector(mode), [8, 4], [100, 900], 0, 1), 1e-12);

    [Fact]
    public void Saturation_SomeServers_CountsThese() => Assert.Equal(0.4, Saturation(Detector("requests"), [8, 4], [0, 0], 1));

    [Fact]
    public void Saturation_NoServers_IsOne() => Assert.Equal(1, Saturation(Detector("requests"), [8, 4], [0, 0]));

    [Fact]
    public void Saturation_NothingKnown_IsZero() => Assert.Equal(0, Saturation(Detector("hybrid"), null, null, 0, 1));

    [Theory]
    [InlineData("requests", 9, 5_000, true)]
    [InlineData("requests", 10, 0, false)]
    [InlineData("tokens", 50, 999, true)]
    [InlineData("tokens", 0, 1_000, false)]
    [InlineData("hybrid", 9, 999, true)]
    [InlineData("hybrid", 10, 0, false)]
    [InlineData("hybrid", 0, 1_000, false)]
    public void Keep_Limits_AreStrict(string mode, int requests, long tokens, bool kept) =>
        Assert.Equal(kept ? [0, 1] : [1], Keep(Detector(mode), [requests, 0], [tokens, 0]));

    [Fact]
    public void Keep_Headroom_MovesTheLimit()
    {
        // 10 * 1.2 = 12: 11 is below, 12 is not
        Assert.Equal([0], Keep(Detector("requests", headroom: 0.2), [11, 12], [0, 0]));
    }

    [Fact]
    public void Keep_NoneBelow_KeepsNone() => Assert.Empty(Keep(Detector("requests"), [10, 11], [0, 0]));

    [Fact]
    public void Load_AsDetector_IsTheConfigurations()
    {
        var configuration = Loading.Accept("plugins: [{type: concurrency-detector, name: load}]\nflowControl: {saturationDetector: {pluginRef: load}}\n");

        // The default: 100 requests a server. (150 + 50) / 200
        var detector = Assert.IsType<ConcurrencyDetector>(configuration.SaturationDetector);
        Assert.Equal(1, Saturation(detector, [150, 50], [0, 0], 0, 1));
    }

    [Fact]
    public void Load_UnknownMode_IsRefused() => Assert.Equal(
        ["c.yaml:3:70: parameters.concurrencyMode must be requests or tokens or hybrid, not \"cores\""],
        Loading.Load("plugins: [{type: concurrency-detector, parameters: {concurrencyMode: cores}}]\n").Faults);
}
