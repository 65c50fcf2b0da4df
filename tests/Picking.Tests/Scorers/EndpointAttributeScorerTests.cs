using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Scorers;

public sealed class EndpointAttributeScorerTests
{
    [Fact]
    public void Score_LabelsOverTheCandidates_IsLinearAndNothingWithoutOne()
    {
        // 20 to 80: (80-20)/60 = 1, (35-20)/60 = 0.25, 0; no label and one that is no number: 0
        var view = new ViewBuilder().Add(labels: ("gpu", "80")).Add(labels: ("gpu", "35")).Add(labels: ("gpu", "20")).Add().Add(labels: ("gpu", "many")).Build();

        Assert.Equal([1, 0.25, 0, 0, 0], Scoring.Of(new EndpointAttributeScorer("gpu", lowerIsBetter: false), view));
    }

    [Fact]
    public void Score_LowerIsBetter_IsTurnedRound()
    {
        // 2 to 10: (10-2)/8 = 1, (10-4)/8 = 0.75, 0
        var view = new ViewBuilder().Add(running: 2).Add(running: 4).Add(running: 10).Build();

        Assert.Equal([1, 0.75, 0], Scoring.Of(new EndpointAttributeScorer("running-requests", lowerIsBetter: true), view));
    }

    [Fact]
    public void Score_FixedRange_ClampsToIt()
    {
        // 0.2 to 0.6, lower is better: 0.1 is below: 1; 0.5: (0.6-0.5)/0.4 = 0.25; 0.9 is above: 0
        var view = new ViewBuilder().Add(kv: 0.1).Add(kv: 0.5).Add(kv: 0.9).Build();

        var scores = Scoring.Of(new EndpointAttributeScorer("kv-cache-utilization", lowerIsBetter: true, (0.2, 0.6)), view);

        Assert.Equal(1, scores[0]);
        Assert.Equal(0.25, scores[1], 1e-12);
        Assert.Equal(0, scores[2]);
    }

    [Fact]
    public void Score_AllEqual_IsOneForThoseThatHaveIt()
    {
        var view = new ViewBuilder().Add(labels: ("gpu", "5")).Add().Add(labels: ("gpu", "5")).Build();

        Assert.Equal([1, 0, 1], Scoring.Of(new EndpointAttributeScorer("gpu", lowerIsBetter: true), view));
    }

    [Theory]
    [InlineData("waiting-queue", 1, 0)]
    [InlineData("active-requests", 0, 1)]
    [InlineData("active-tokens", 1, 0)]
    public void Score_Figures_AreReadByName(string attribute, double first, double second)
    {
        var view = new ViewBuilder().Add(queued: 1).Add(queued: 2).Build();

        Assert.Equal([first, second], Scoring.Of(new EndpointAttributeScorer(attribute, lowerIsBetter: true), view, requests: [9, 3], tokens: [10, 20]));
    }

    [Fact]
    public void Load_Example_IsTaken()
    {
        // 20 of 0 to 80
        var configuration = Loading.Load($"plugins:\n{EndpointAttributeScorer.Definition.Example}\n", experimental: true).Configuration!;

        Assert.Equal([0.25], Scoring.Of(configuration.Find<EndpointAttributeScorer>()!, new ViewBuilder().Add(labels: ("example.com/gpu-memory-gib", "20")).Build()));
    }

    [Theory]
    [InlineData("{attributeKey: a, algorithm: {type: linear_lower_is_better, normalization: {adaptiveRange: {}}}}")]
    [InlineData("{attributeKey: a, algorithm: {type: linear_lower_is_better}, producer: queue-scorer}")]
    public void Load_OtherForms_AreTaken(string parameters) => Assert.Empty(Load(parameters));

    [Theory]
    [InlineData("{algorithm: {type: linear_lower_is_better}}", "3:79: parameters.attributeKey is missing")]
    [InlineData("{attributeKey: a}", "3:79: parameters.algorithm is missing")]
    [InlineData("{attributeKey: a, algorithm: {type: cubic}}", "3:115: parameters.algorithm.type must be linear_lower_is_better or linear_higher_is_better, not \"cubic\"")]
    [InlineData("{attributeKey: a, algorithm: {type: linear_lower_is_better, normalization: {fixedRange: {min: 1, max: 1}}}}", "3:108: plugin 'endpoint-attribute-scorer': the minimum of fixedRange must be below its maximum")]
    [InlineData("{attributeKey: a, algorithm: {type: linear_lower_is_better, normalization: {adaptiveRange: {}, fixedRange: {min: 0, max: 1}}}}", "3:108: plugin 'endpoint-attribute-scorer': fixedRange and adaptiveRange exclude each other")]
    public void Load_Faulty_IsRefused(string parameters, string fault) => Assert.Equal([$"c.yaml:{fault}"], Load(parameters));

    private static IReadOnlyList<string> Load(string parameters) =>
        Loading.Load($"plugins: [{{type: queue-scorer}}, {{type: endpoint-attribute-scorer, parameters: {parameters}}}]\n", experimental: true).Faults;
}
