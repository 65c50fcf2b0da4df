using Orleans.Inference.Picking.Admission;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests.Admission;

public sealed class LatencySloAdmitterTests
{
    /// <summary>Two servers that run requests and use a tenth of their caches: neither idle nor cold.</summary>
    private static readonly PoolView Busy = new ViewBuilder().Add(kv: 0.1, running: 3).Add(kv: 0.1, running: 3).Build();

    private static bool IsDenied(PoolView view, float[]? ttft, float[]? tpot, int priority, double? ttftObjective = null, double? tpotObjective = null, bool countsTpot = true)
    {
        var request = new InferenceRequest { Priority = priority, Objectives = new(ttftObjective, tpotObjective) };
        var predictions = new LatencyPredictions { Ttft = ttft, Tpot = tpot, TtftObjective = ttftObjective ?? 0, TpotObjective = tpotObjective ?? 0, CountsTpot = countsTpot };
        return new LatencySloAdmitter().Deny(new PickContext(view, request, 0, new Random(1)) { Latency = predictions }, [0, 1]) is not null;
    }

    [Theory]
    [InlineData(99.0, true)] // 100 and 200 are both above
    [InlineData(100.0, false)] // the first keeps it
    [InlineData(99.5, true)]
    [InlineData(null, false)]
    public void Deny_Ttft_IsComparedWithThePredictions(double? objective, bool denied) =>
        Assert.Equal(denied, IsDenied(Busy, [100, 200], [10, 20], -1, objective));

    [Fact]
    public void Deny_BothObjectives_MustBeKeptByOneServer()
    {
        // The first keeps the one, the second the other.
        Assert.True(IsDenied(Busy, [100, 200], [20, 10], -1, 150, 15));
        Assert.False(IsDenied(Busy, [100, 200], [15, 10], -1, 150, 15));
    }

    [Fact]
    public void Deny_TpotThatDoesNotCount_IsKeptByAll() => Assert.False(IsDenied(Busy, [100, 200], [20, 20], -1, 150, 15, countsTpot: false));

    [Fact]
    public void Deny_PriorityOfNothing_IsAdmitted() => Assert.False(IsDenied(Busy, [100, 200], [10, 20], 0, 1));

    [Fact]
    public void Deny_NoObjective_IsAdmitted() => Assert.False(IsDenied(Busy, [100, 200], [10, 20], -1));

    [Fact]
    public void Deny_NoPredictions_IsAdmitted() => Assert.False(IsDenied(Busy, null, null, -1, 1));

    [Fact]
    public void Deny_AnIdleServer_IsAdmitted() =>
        Assert.False(IsDenied(new ViewBuilder().Add(kv: 0.1, running: 3).Add(kv: 0.1).Build(), [100, 200], [10, 20], -1, 1));

    [Theory]
    [InlineData(0.019, false)]
    [InlineData(0.02, true)]
    public void Deny_AColdServer_IsAdmitted(double kv, bool denied) =>
        Assert.Equal(denied, IsDenied(new ViewBuilder().Add(kv: 0.1, running: 3).Add(kv: kv, running: 1).Build(), [100, 200], [10, 20], -1, 1));
}
