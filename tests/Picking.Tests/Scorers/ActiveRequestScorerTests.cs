using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Scorers;

public sealed class ActiveRequestScorerTests
{
    [Fact]
    public void Score_Defaults_IsLinearToTheBusiest()
    {
        // max 8: none: 1; 2: (8-2)/8 = 0.75; 8: 0
        Assert.Equal([1, 0.75, 0], Scoring.Of(new ActiveRequestScorer(), Scoring.Servers(3), requests: [0, 2, 8]));
    }

    [Fact]
    public void Score_IdleThresholdAndMaxBusyScore_SetIdleServersApart()
    {
        // idle up to 2: 1; 3: (10-3)/10 * 0.5 = 0.35; 10: 0
        var scorer = Loading.Accept("plugins: [{type: active-request-scorer, parameters: {idleThreshold: 2, maxBusyScore: 0.5, requestTimeout: 2m}}]\n").Find<ActiveRequestScorer>()!;

        Assert.Equal([1, 1, 0.35, 0], Scoring.Of(scorer, Scoring.Servers(4), requests: [0, 2, 3, 10]));
    }

    [Fact]
    public void Score_NothingKnown_IsOne() => Assert.Equal([1, 1], Scoring.Of(new ActiveRequestScorer(), Scoring.Servers(2)));

    [Fact]
    public void Load_Consumes_TheLoadInFlight() =>
        Assert.True(Loading.Accept("plugins: [{type: active-request-scorer}]\n").Consumes.HasFlag(PluginData.InFlightLoad));
}
