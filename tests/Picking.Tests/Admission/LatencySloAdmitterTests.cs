using Orleans.Inference.Picking.Admission;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests.Admission;

public sealed class LatencySloAdmitterTests
{
    /// <summary>Two servers that run requests and use a tenth of their caches: neither idle nor cold.</summary>
    private static readonly PoolView Busy = new ViewBuilder().Add(kv: 0.1, running: 3).Add(kv: 0.1, running: 3).Build();

    private static bool IsDenied(PoolView view, double[]? ttft, double[]? tpot, int priority, params (string, string)[] headers)
    {
        var request = new InferenceRequest { Priority = priority, Headers = new FixedHeaders(headers) };
        return new LatencySloAdmitter().Deny(new PickContext(view, request, 0, new Random(1)) { Latency = new(ttft, tpot) }, [0, 1]) is not null;
    }

    [Theory]
    [InlineData("99", true)] // 100 and 200 are both above
    [InlineData("100", false)] // the first keeps it
    [InlineData("99.5", true)]
    [InlineData("soon", false)] // asks for nothing
    [InlineData("-1", false)]
    public void Deny_Ttft_IsComparedWithThePredictions(string objective, bool denied)
    {
        Assert.Equal(denied, IsDenied(Busy, [100, 200], [10, 20], -1, ("x-slo-ttft-ms", objective)));
        Assert.Equal(denied, IsDenied(Busy, [100, 200], [10, 20], -1, ("x-llm-d-slo-ttft-ms", objective)));
    }

    [Fact]
    public void Deny_BothObjectives_MustBeKeptByOneServer()
    {
        // The first keeps the one, the second the other.
        Assert.True(IsDenied(Busy, [100, 200], [20, 10], -1, ("x-slo-ttft-ms", "150"), ("x-slo-tpot-ms", "15")));
        Assert.False(IsDenied(Busy, [100, 200], [15, 10], -1, ("x-slo-ttft-ms", "150"), ("x-slo-tpot-ms", "15")));
    }

    [Fact]
    public void Deny_OlderHeaderBesideTheNewer_CountsForNothing() =>
        Assert.False(IsDenied(Busy, [100, 200], [10, 20], -1, ("x-slo-ttft-ms", "1"), ("x-llm-d-slo-ttft-ms", "1000")));

    [Fact]
    public void Deny_PriorityOfNothing_IsAdmitted() => Assert.False(IsDenied(Busy, [100, 200], [10, 20], 0, ("x-slo-ttft-ms", "1")));

    [Fact]
    public void Deny_NoObjective_IsAdmitted() => Assert.False(IsDenied(Busy, [100, 200], [10, 20], -1));

    [Fact]
    public void Deny_NoPredictions_IsAdmitted()
    {
        Assert.False(IsDenied(Busy, null, null, -1, ("x-slo-ttft-ms", "1")));
        Assert.False(IsDenied(Busy, [double.NaN, double.NaN], [double.NaN, double.NaN], -1, ("x-slo-ttft-ms", "1")));
    }

    [Fact]
    public void Deny_AnIdleServer_IsAdmitted() =>
        Assert.False(IsDenied(new ViewBuilder().Add(kv: 0.1, running: 3).Add(kv: 0.1).Build(), [100, 200], [10, 20], -1, ("x-slo-ttft-ms", "1")));

    [Theory]
    [InlineData(0.019, false)]
    [InlineData(0.02, true)]
    public void Deny_AColdServer_IsAdmitted(double kv, bool denied) =>
        Assert.Equal(denied, IsDenied(new ViewBuilder().Add(kv: 0.1, running: 3).Add(kv: kv, running: 1).Build(), [100, 200], [10, 20], -1, ("x-slo-ttft-ms", "1")));
}
