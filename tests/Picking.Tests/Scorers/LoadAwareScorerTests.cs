using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Scorers;

public sealed class LoadAwareScorerTests
{
    [Fact]
    public void Score_Defaults_FallsFromAHalfToNothingAt128()
    {
        // 0: 0.5; 32: 0.5 * (1 - 32/128) = 0.375; 128: 0; 500: min(500, 128) = 128: 0
        var view = new ViewBuilder().Add(queued: 0).Add(queued: 32).Add(queued: 128).Add(queued: 500).Build();

        Assert.Equal([0.5, 0.375, 0, 0], Scoring.Of(new LoadAwareScorer(), view));
    }

    [Fact]
    public void Score_OtherThreshold_IsItsScale()
    {
        // 0.5 * (1 - 3/4) = 0.125
        var scorer = Loading.Accept("plugins: [{type: load-aware-scorer, parameters: {threshold: 4}}]\n").Find<LoadAwareScorer>()!;

        Assert.Equal([0.125], Scoring.Of(scorer, new ViewBuilder().Add(queued: 3).Build()));
    }

    [Fact]
    public void Load_ThresholdOfNothing_IsReplacedByTheDefault() => Assert.Equal(
        ["c.yaml:3:61: parameters.threshold must be above 0, not the number 0: the default, 128, counts instead"],
        Loading.Load("plugins: [{type: load-aware-scorer, parameters: {threshold: 0}}]\n").Warnings);
}
