using Orleans.Inference.Picking.Admission;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Admission;

public sealed class ProbabilisticAdmitterTests
{
    private const int Requests = 20_000;

    private static int CountDenied(ProbabilisticAdmitter admitter, PoolView view, int priority = -1, params int[] servers)
    {
        var random = new Random(11);
        var request = new InferenceRequest { Priority = priority };
        var denied = 0;
        for (var i = 0; i < Requests; i++)
        {
            denied += admitter.Deny(new PickContext(view, request, 0, random), servers) is null ? 0 : 1;
        }

        return denied;
    }

    [Fact]
    public void Deny_HalfASaturationBelowTheRamp_HasItsChance()
    {
        // max(1/5, 0.1/0.8) = 0.2 and max(0, 0.24/0.8) = 0.3: mean 0.25; 300 * 0.25^5 = 300/1024 = 0.29297
        var view = new ViewBuilder().Add(queued: 1, kv: 0.1).Add(kv: 0.24).Add(queued: 99).Build();

        // Binomial: mean 5,859, standard deviation 64; five of them either way.
        Assert.InRange(CountDenied(new(new()), view, -1, 0, 1), 5_537, 6_181);
    }

    [Fact]
    public void Deny_IdlePool_AdmitsAll() => Assert.Equal(0, CountDenied(new(new()), new ViewBuilder().Add().Build(), -1, 0));

    [Fact]
    public void Deny_BeyondTheRamp_DeniesAll()
    {
        // 2/5 = 0.4; 300 * 0.4^5 = 3.07
        Assert.Equal(Requests, CountDenied(new(new()), new ViewBuilder().Add(queued: 2).Build(), -1, 0));
    }

    [Fact]
    public void Deny_PriorityOfNothing_IsAdmitted() => Assert.Equal(0, CountDenied(new(new()), new ViewBuilder().Add(queued: 99).Build(), 0, 0));

    [Fact]
    public void Deny_OtherParameters_AreTheirs()
    {
        // max(2/8, 0.25/0.5) = 0.5; 2 * 0.5^2 = 0.5
        var admitter = Loading.Accept("plugins: [{type: probabilistic-admitter, parameters: {queueDepthThreshold: 8, kvCacheUtilThreshold: 0.5, power: 2, k: 2}}]\n").Find<ProbabilisticAdmitter>()!;

        // Binomial(20,000, 1/2): mean 10,000, standard deviation 71; five of them either way.
        Assert.InRange(CountDenied(admitter, new ViewBuilder().Add(queued: 2, kv: 0.25).Build(), -1, 0), 9_645, 10_355);
    }

    [Fact]
    public void Load_Admitters_AreInTheOrderOfTheConfiguration()
    {
        var admitters = Loading.Accept("plugins: [{type: probabilistic-admitter}, {type: queue-scorer}, {type: latency-slo-admitter}]\n").Admitters;

        Assert.Equal([typeof(ProbabilisticAdmitter), typeof(LatencySloAdmitter)], admitters.Select(admitter => admitter.GetType()));
    }
}
