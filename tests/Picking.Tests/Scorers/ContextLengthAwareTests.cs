using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Configuration;

namespace Orleans.Inference.Picking.Tests.Scorers;

public sealed class ContextLengthAwareTests
{
    private static PoolView View(params string?[] ranges) =>
        ranges.Aggregate(new ViewBuilder(), (builder, range) => range is null ? builder.Add() : builder.Add(labels: (ContextLengthAware.DefaultLabel, range))).Build();

    private static void AssertScore(double expected, string? range, long tokens) =>
        Assert.Equal(expected, Scoring.Of(new ContextLengthAware(new()), View(range), new InferenceRequest { PromptTokens = tokens })[0], 1e-12);

    private static int[] Keep(ContextLengthAware filter, long tokens, params string?[] ranges)
    {
        var candidates = Enumerable.Range(0, ranges.Length).ToArray();
        return candidates[..filter.Keep(new PickContext(View(ranges), new InferenceRequest { PromptTokens = tokens }, 0, new Random(1)), candidates)];
    }

    [Theory]
    [InlineData("0-10000", 2500, 0.7025)] // width 10,000: 0.7/2 = 0.35; 0.3 * 7,500/10,000 = 0.225; 0.3 + 0.7 * 0.575
    [InlineData("0-10000", 10000, 0.545)] // 0.3 + 0.7 * 0.35
    [InlineData("0-10000", 0, 0.755)] // 0.3 + 0.7 * 0.65
    [InlineData("1000-2000", 1000, 0.9554545454545455)] // 0.7/1.1 = 0.63636; + 0.3 = 0.93636; 0.3 + 0.65545
    [InlineData("500-500", 500, 1)]
    [InlineData("1000-2000", 3000, 0.15)] // 1,000 beyond: 0.3/2
    [InlineData("1000-2000", 500, 0.2)] // 500 short: 0.3/1.5
    [InlineData("0 - 10000", 0, 0.755)]
    [InlineData(null, 500, 0.5)]
    [InlineData("long", 500, 0)]
    [InlineData("2000-1000", 1500, 0)]
    [InlineData("-5-10", 5, 0)]
    public void Score_Range_IsAsWorkedOut(string? range, long tokens, double expected) => AssertScore(expected, range, tokens);

    [Fact]
    public void Keep_Filtering_KeepsThoseInTheRangeAndWithoutOne()
    {
        var filter = Loading.Accept("plugins: [{type: context-length-aware, parameters: {enableFiltering: true}}]\n").Find<ContextLengthAware>()!;

        Assert.Equal([0, 2, 4], Keep(filter, 1_000, "0-1000", "1001-2000", null, "broken", "1000-9000"));
    }

    [Fact]
    public void Keep_NoneInTheRange_KeepsNone() => Assert.Empty(Keep(new(new() { EnableFiltering = true }), 5_000, "0-1000", "broken"));

    [Fact]
    public void Keep_NotFiltering_KeepsAll() => Assert.Equal([0, 1], Keep(new(new()), 500, "0-1000", "1001-2000"));
}
