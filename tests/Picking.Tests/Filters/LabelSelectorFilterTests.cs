using Orleans.Inference.Picking.Filters;

namespace Orleans.Inference.Picking.Tests.Filters;

public sealed class LabelSelectorFilterTests
{
    /// <summary>0: gold h100; 1: gold a100; 2: silver, no accelerator; 3: nothing.</summary>
    private static readonly PoolView View = new ViewBuilder()
        .Add(labels: [("tier", "gold"), ("accelerator", "h100")])
        .Add(labels: [("tier", "gold"), ("accelerator", "a100")])
        .Add(labels: [("tier", "silver")])
        .Add()
        .Build();

    [Theory]
    [InlineData("matchLabels: {tier: gold}", new[] { 0, 1 })]
    [InlineData("matchLabels: {tier: gold, accelerator: h100}", new[] { 0 })]
    [InlineData("matchExpressions: [{key: accelerator, operator: In, values: [h100, l4]}]", new[] { 0 })]
    [InlineData("matchExpressions: [{key: accelerator, operator: NotIn, values: [h100]}]", new[] { 1, 2, 3 })]
    [InlineData("matchExpressions: [{key: tier, operator: Exists}]", new[] { 0, 1, 2 })]
    [InlineData("matchExpressions: [{key: accelerator, operator: DoesNotExist}]", new[] { 2, 3 })]
    [InlineData("matchExpressions: [{key: tier, operator: Exists}, {key: accelerator, operator: DoesNotExist}]", new[] { 2 })]
    [InlineData("matchLabels: {tier: bronze}", new int[0])]
    [InlineData("matchLabels: {}", new[] { 0, 1, 2, 3 })]
    public void Keep_Selector_KeepsWhatItMatches(string selector, int[] kept)
    {
        Assert.Equal(kept, Filtering.Keep(Filtering.Make<LabelSelectorFilter>($"- type: label-selector-filter\n  parameters:\n    {selector}"), View));
        Assert.Equal(kept, Filtering.Keep(Filtering.Make<LabelSelectorFilter>($"- type: by-label-selector\n  parameters:\n    {selector}"), View));
    }

    [Theory]
    [InlineData("{key: a, operator: In}", "a: In needs values")]
    [InlineData("{key: a, operator: Exists, values: [b]}", "a: Exists takes no values")]
    [InlineData("{key: a, operator: Like, values: [b]}", "matchExpressions[0].operator must be In or NotIn or Exists or DoesNotExist")]
    public void Load_ExpressionThatMeansNothing_IsRefused(string expression, string fault) =>
        Assert.Contains(
            Filtering.FaultsOf($"- type: label-selector-filter\n  parameters:\n    matchExpressions: [{expression}]"),
            told => told.Contains(fault, StringComparison.Ordinal));
}
