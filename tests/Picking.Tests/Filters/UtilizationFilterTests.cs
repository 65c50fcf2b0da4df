using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Filters;

public sealed class UtilizationFilterTests
{
    private static readonly PoolView View = new ViewBuilder()
        .Add(queued: 3, running: 8, kv: 0.5)
        .Add(queued: 6, running: 2, kv: 0.5)
        .Add(queued: 5, running: 9, kv: 0.95)
        .Add(queued: 5, running: 1, kv: 0.9)
        .Build();

    private static UtilizationFilter Filter(string conditions, bool fallback = false) =>
        Filtering.Make<UtilizationFilter>($"- type: utilization-filter\n  parameters:\n    conditions: [{conditions}]\n    fallbackOnEmpty: {(fallback ? "true" : "false")}");

    [Theory]
    [InlineData("{metric: waiting-queue, maxValue: 5}", new[] { 0, 2, 3 })] // a queue of 6 is above 5, one of 5 is not
    [InlineData("{metric: running-requests, maxValue: 2}", new[] { 1, 3 })]
    [InlineData("{metric: kv-cache-utilization, maxValue: 0.9}", new[] { 0, 1, 3 })]
    [InlineData("{metric: waiting-queue, maxValue: 5}, {metric: kv-cache-utilization, maxValue: 0.9}", new[] { 0, 3 })]
    [InlineData("{metric: waiting-queue, maxValue: 0}", new int[0])]
    public void Keep_Limits_KeepsWhatIsAboveNone(string conditions, int[] kept) => Assert.Equal(kept, Filtering.Keep(Filter(conditions), View));

    [Fact]
    public void Keep_ActiveRequests_AreThoseOfThePicker()
    {
        var kept = Filtering.Keep(Filter("{metric: active-requests, maxValue: 1}"), View, inFlight: new InFlightLoad([0, 1, 2, 3], [0, 0, 0, 0]));

        Assert.Equal([0, 1], kept);
    }

    [Fact]
    public void Keep_NothingKnownInFlight_CountsAsNone() => Assert.Equal([0, 1, 2, 3], Filtering.Keep(Filter("{metric: active-requests, maxValue: 0}"), View));

    [Fact]
    public void Keep_NoneWithFallback_KeepsAll() =>
        Assert.Equal([0, 1, 2, 3], Filtering.Keep(Filter("{metric: kv-cache-utilization, maxValue: 0.6}, {metric: waiting-queue, maxValue: 0}", fallback: true), View).Order());

    [Theory]
    [InlineData("conditions: []", "conditions must not be empty")]
    [InlineData("conditions: [{metric: kv-cache-utilization, maxValue: 1.5}]", "its maxValue must be at most 1")]
    [InlineData("conditions: [{metric: waiting-queue}]", "conditions[0].maxValue is missing")]
    [InlineData("conditions: [{metric: heat, maxValue: 1}]", "conditions[0].metric must be active-requests or")]
    [InlineData("fallbackOnEmpty: true", "conditions is missing")]
    public void Load_WithoutUsableConditions_IsRefused(string parameters, string fault) =>
        Assert.Contains(Filtering.FaultsOf($"- type: utilization-filter\n  parameters:\n    {parameters}"), told => told.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void Keep_InSteadyState_AllocatesNothing()
    {
        var filter = Filter("{metric: waiting-queue, maxValue: 5}, {metric: kv-cache-utilization, maxValue: 0.9}");
        var candidates = new[] { 0, 1, 2, 3 };
        var request = new InferenceRequest();
        var random = new Random(1);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() => filter.Keep(new PickContext(View, request, 0, random), candidates)));
    }
}
