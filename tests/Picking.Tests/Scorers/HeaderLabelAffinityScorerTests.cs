using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Scorers;

public sealed class HeaderLabelAffinityScorerTests
{
    private static readonly PoolView View = new ViewBuilder().Add(labels: ("zone", "a")).Add(labels: ("zone", "b")).Add().Add(labels: ("other", "a")).Build();
    private static readonly HeaderLabelAffinityScorer Scorer = new("X-Zone", "zone");

    [Theory]
    [InlineData("a", 1, 0)]
    [InlineData("b", 0, 1)]
    [InlineData("A", 0, 0)]
    [InlineData("", 0, 0)]
    public void Score_Header_IsOneWhereTheLabelIsEqual(string value, double first, double second) =>
        Assert.Equal([first, second, 0, 0], Scoring.Of(Scorer, View, new InferenceRequest { Headers = new FixedHeaders(("x-zone", value)) }));

    [Fact]
    public void Score_NoHeader_IsNothing() => Assert.Equal([0, 0, 0, 0], Scoring.Of(Scorer, View, new InferenceRequest { Headers = new FixedHeaders(("zone", "a")) }));

    [Fact]
    public void Score_NoHeadersKnown_IsNothing() => Assert.Equal([0, 0, 0, 0], Scoring.Of(Scorer, View));

    [Fact]
    public void Load_WithoutParameters_IsRefused() => Assert.Equal(
        ["c.yaml:3:11: parameters.headerName is missing", "c.yaml:3:11: parameters.labelKey is missing"],
        Loading.Load("plugins: [{type: header-label-affinity-scorer}]\n", experimental: true).Faults);
}
