using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Picking.Tests.Filters;

public sealed class LabelFilterTests
{
    private static readonly string[] Roles = ["decode", "prefill", "encode", "prefill-decode", "encode-prefill", "both", "encode-prefill-decode", "other"];

    /// <summary>A server of each role, and at last one without.</summary>
    private static PoolView ViewOfRoles()
    {
        var view = new ViewBuilder();
        foreach (var role in Roles)
        {
            view.Add(labels: ("llm-d.ai/role", role));
        }

        return view.Add().Build();
    }

    [Theory]
    [InlineData("decode-filter", "decode prefill-decode both encode-prefill-decode none")]
    [InlineData("prefill-filter", "prefill prefill-decode encode-prefill both encode-prefill-decode")]
    [InlineData("encode-filter", "encode encode-prefill encode-prefill-decode")]
    public void Keep_OfRole_KeepsTheRolesThatServeTheStage(string type, string kept)
    {
        var filter = Filtering.Make<LabelFilter>($"- type: {type}");

        Assert.Equal(kept, string.Join(" ", Filtering.Keep(filter, ViewOfRoles()).Select(server => server < Roles.Length ? Roles[server] : "none")));
    }

    [Theory]
    [InlineData("validValues: [a, b]", new[] { 0, 1 })]
    [InlineData("validValues: [b]\n    allowsNoLabel: true", new[] { 1, 3 })]
    [InlineData("allowsNoLabel: true", new[] { 3 })]
    public void Keep_ByLabel_KeepsTheValuesNamed(string parameters, int[] kept)
    {
        var view = new ViewBuilder().Add(labels: ("tier", "a")).Add(labels: ("tier", "b")).Add(labels: ("tier", "c")).Add(labels: ("other", "a")).Build();

        Assert.Equal(kept, Filtering.Keep(Filtering.Make<LabelFilter>($"- type: by-label\n  parameters:\n    label: tier\n    {parameters}"), view));
    }

    [Fact]
    public void Load_ByLabelThatKeepsNobody_IsRefused() =>
        Assert.Contains(Filtering.FaultsOf("- type: by-label\n  parameters:\n    label: tier"), fault => fault.Contains("give validValues, or set allowsNoLabel", StringComparison.Ordinal));

    [Fact]
    public void Keep_AnotherMembership_IsLookedAtAnew()
    {
        var filter = Filtering.Make<LabelFilter>("- type: encode-filter");
        Filtering.Keep(filter, ViewOfRoles());
        var other = new ViewBuilder().Add(labels: ("llm-d.ai/role", "encode")).Add().Build();

        Assert.Equal([0], Filtering.Keep(filter, other));
    }

    [Fact]
    public void Keep_MoreServersThanAWord_KeepsEachByItsOwnLabel()
    {
        var builder = new ViewBuilder();
        for (var i = 0; i < 200; i++)
        {
            builder.Add(labels: ("llm-d.ai/role", i % 3 == 0 ? "encode" : "decode"));
        }

        Assert.Equal(Enumerable.Range(0, 200).Where(i => i % 3 == 0), Filtering.Keep(Filtering.Make<LabelFilter>("- type: encode-filter"), builder.Build()));
    }

    [Fact]
    public void Keep_MembershipSeenBefore_AllocatesNothing()
    {
        var filter = Filtering.Make<LabelFilter>("- type: decode-filter");
        var view = ViewOfRoles();
        var candidates = Enumerable.Range(0, view.Count).ToArray();
        var request = new InferenceRequest();
        var random = new Random(1);

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() => filter.Keep(new PickContext(view, request, 0, random), candidates)));
    }
}
