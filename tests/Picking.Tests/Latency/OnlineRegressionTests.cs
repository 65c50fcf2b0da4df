using Orleans.Inference.Picking.Latency;

namespace Orleans.Inference.Picking.Tests.Latency;

public sealed class OnlineRegressionTests
{
    /// <summary>Mean of |predicted − law| / law over loads that were not learned from.</summary>
    private static double ErrorOf(OnlineRegression regression, Func<LatencyFeatures, double> law, int seed = 99)
    {
        var features = new Features(seed);
        var sum = 0.0;
        for (var i = 0; i < 500; i++)
        {
            var next = features.Next();
            sum += Math.Abs(regression.Predict(next) - law(next)) / law(next);
        }

        return sum / 500;
    }

    private static void Learn(OnlineRegression regression, Features features, int samples, Func<LatencyFeatures, double> measure, ref long at)
    {
        for (var i = 0; i < samples; i++)
        {
            var next = features.Next();
            regression.Learn(next, measure(next), at += 100);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Learn_LinearLaw_IsRecoveredWithinTwoPercent(int seed)
    {
        var (regression, at) = (new OnlineRegression(), 0L);
        Learn(regression, new Features(seed), 1000, f => Features.Ttft(f), ref at);
        Assert.InRange(ErrorOf(regression, f => Features.Ttft(f)), 0, 0.02);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Learn_FewestSamples_AreEnoughForTenPercent(int seed)
    {
        var (regression, at) = (new OnlineRegression(), 0L);
        Learn(regression, new Features(seed), OnlineRegression.FewestSamples, f => Features.Ttft(f), ref at);
        Assert.True(regression.IsReady);
        Assert.InRange(ErrorOf(regression, f => Features.Ttft(f)), 0, 0.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Learn_NoiseOfTwentyPercent_LeavesAFewPercent(int seed)
    {
        var (regression, features, at) = (new OnlineRegression(), new Features(seed), 0L);
        Learn(regression, features, 3000, f => Features.Ttft(f) * (0.8 + (0.4 * features.Random.NextDouble())), ref at);
        Assert.InRange(ErrorOf(regression, f => Features.Ttft(f)), 0, 0.05);
    }

    [Theory]
    [InlineData(3.0, 2000, 0.15)]
    [InlineData(3.0, 4000, 0.03)]
    [InlineData(0.3, 2000, 0.03)]
    public void Learn_LawThatChanges_IsFollowed(double factor, int samples, double error)
    {
        var (regression, features, at) = (new OnlineRegression(), new Features(1), 0L);
        Learn(regression, features, 2000, f => Features.Ttft(f), ref at);
        Learn(regression, features, samples, f => factor * Features.Ttft(f), ref at);
        Assert.InRange(ErrorOf(regression, f => factor * Features.Ttft(f)), 0, error);
    }

    /// <summary>One sample in twenty is a hundred times too long: least squares alone would predict six times too much.</summary>
    [Fact]
    public void Learn_Outliers_MoveLittle()
    {
        var (regression, features, at) = (new OnlineRegression(), new Features(1), 0L);
        Learn(regression, features, 500, f => Features.Ttft(f), ref at);
        Learn(regression, features, 2000, f => Features.Ttft(f) * (features.Random.Next(20) == 0 ? 100 : 1), ref at);
        Assert.InRange(ErrorOf(regression, f => Features.Ttft(f)), 0, 0.2);
    }

    /// <summary>Of samples that are all the same the constant is all there is to learn, however long it goes on.</summary>
    [Fact]
    public void Learn_NothingThatChanges_StaysFinite()
    {
        var regression = new OnlineRegression();
        var same = new Features(1).Next();
        for (var i = 0; i < 100_000; i++)
        {
            regression.Learn(same, 100, i);
        }

        Assert.Equal(100, regression.Predict(same), 1.0);
        Assert.InRange(ErrorOf(regression, _ => 100), 0, 20);
    }

    /// <summary>Measured times that fall with the load can't make a weight negative: more load never predicts less.</summary>
    [Fact]
    public void Learn_TimesThatFallWithLoad_PredictNeverLessForMore()
    {
        var (regression, features, at) = (new OnlineRegression(), new Features(1), 0L);
        Learn(regression, features, 2000, f => 1000 / (1 + f[LatencyFeatures.Running]), ref at);
        foreach (var weight in regression.Weights.ToArray())
        {
            Assert.InRange(weight, 0, 1e8);
        }

        var some = features.Next();
        for (var i = 1; i < LatencyFeatures.Count; i++)
        {
            var more = some;
            more[i] += 1;
            Assert.True(regression.Predict(more) >= regression.Predict(some));
        }
    }

    /// <summary>The tiniest and the largest times in any order leave numbers.</summary>
    [Fact]
    public void Learn_ExtremeTimes_StaysFinite()
    {
        var (regression, features, at) = (new OnlineRegression(), new Features(7), 0L);
        Learn(regression, features, 5000, _ => Math.Pow(10, (9.5 * features.Random.NextDouble()) - 3), ref at);
        Assert.All(regression.Weights.ToArray(), weight => Assert.InRange(weight, 0, 1e8));
        Assert.True(double.IsFinite(regression.Predict(features.Next())));
    }

    /// <summary>At 10,000 samples a second the memory is of a minute, not of a tenth of a second: a tenth of a second of other loads is not all that is known.</summary>
    [Fact]
    public void Learn_HighRate_RemembersTheLastMinute()
    {
        var (regression, features) = (new OnlineRegression(), new Features(1));
        var at = 0L;
        for (var i = 0; i < 20_000; i++)
        {
            var next = features.Next();
            regression.Learn(next, Features.Ttft(next), at = i / 10);
        }

        var idle = default(LatencyFeatures);
        idle[LatencyFeatures.Constant] = 1;
        for (var i = 0; i < 5000; i++)
        {
            regression.Learn(idle, 40, at);
        }

        Assert.InRange(ErrorOf(regression, f => Features.Ttft(f)), 0, 0.05);
    }
}
