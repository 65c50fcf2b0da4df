using Orleans.Inference.Picking.Filters;

namespace Orleans.Inference.Picking.Tests.Filters;

public sealed class EndpointAttributeFilterTests
{
    /// <summary>Memory: 40, 80, 96, not a number, none.</summary>
    private static readonly PoolView View = new ViewBuilder()
        .Add(queued: 4, labels: ("gib", "40"))
        .Add(queued: 1, labels: ("gib", "80"))
        .Add(queued: 9, labels: ("gib", "96"))
        .Add(queued: 2, labels: ("gib", "much"))
        .Add(queued: 1)
        .Build();

    private static EndpointAttributeFilter Filter(string attribute, string comparison, double value, string more = "") => Filtering.Make<EndpointAttributeFilter>(FormattableString.Invariant($$"""
        - type: endpoint-attribute-filter
          parameters:
            attribute: {{attribute}}
            algorithm:
              type: threshold
              threshold:
                operator: {{comparison}}
                value: {{value}}{{more}}
        """));

    [Theory]
    [InlineData("LessThan", new[] { 0, 3, 4 })]
    [InlineData("LessThanOrEqual", new[] { 0, 1, 3, 4 })]
    [InlineData("GreaterThan", new[] { 2, 3, 4 })]
    [InlineData("GreaterThanOrEqual", new[] { 1, 2, 3, 4 })]
    [InlineData("Equal", new[] { 1, 3, 4 })]
    [InlineData("NotEqual", new[] { 0, 2, 3, 4 })]
    public void Keep_Label_ComparesAndPassesWhereThereIsNone(string comparison, int[] kept) => Assert.Equal(kept, Filtering.Keep(Filter("gib", comparison, 80), View));

    [Fact]
    public void Keep_MissingFails_KeepsOnlyServersWithTheAttribute() =>
        Assert.Equal([1, 2], Filtering.Keep(Filter("gib", "GreaterThanOrEqual", 80, "\n    onMissing: Fail"), View));

    [Fact]
    public void Keep_Figure_IsThatOfTheServer() => Assert.Equal([1, 3, 4], Filtering.Keep(Filter("waiting-queue", "LessThan", 4), View));

    [Fact]
    public void Keep_None_IsNoneUnlessAllAreWanted()
    {
        Assert.Empty(Filtering.Keep(Filter("waiting-queue", "LessThan", 1), View));
        Assert.Equal([0, 1, 2, 3, 4], Filtering.Keep(Filter("waiting-queue", "LessThan", 1, "\n    fallbackOnEmpty: true"), View).Order());
    }

    [Theory]
    [InlineData("attribute: a", "algorithm is missing")]
    [InlineData("attribute: a\n    algorithm: {type: range}", "algorithm.type must be threshold")]
    [InlineData("attribute: a\n    algorithm: {type: threshold}", "algorithm.threshold is missing")]
    [InlineData("algorithm: {type: threshold, threshold: {operator: Equal, value: 1}}", "attribute is missing")]
    public void Load_WithoutWhatItNeeds_IsRefused(string parameters, string fault) =>
        Assert.Contains(Filtering.FaultsOf($"- type: endpoint-attribute-filter\n  parameters:\n    {parameters}"), told => told.Contains(fault, StringComparison.Ordinal));
}
