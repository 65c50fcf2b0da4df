using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Tests.Configuration;
using Orleans.Inference.Picking.Tests.Prefix;

namespace Orleans.Inference.Picking.Tests.Scheduling;

/// <summary>Handlers beside <c>disagg-profile-handler</c>. Server 0 is of role decode, server 1 of role prefill.</summary>
public sealed class ProfileHandlerTests
{
    private const string Profiles = """

        - type: decode-filter
        - type: prefill-filter
        - type: max-score-picker
        schedulingProfiles:
        - name: decode
          plugins:
          - pluginRef: decode-filter
        - name: prefill
          plugins:
          - pluginRef: prefill-filter
        """;

    private static readonly PoolView View = new ViewBuilder().Add(labels: ("llm-d.ai/role", "decode")).Add(labels: ("llm-d.ai/role", "prefill")).Build();

    private static PickerConfiguration Load(string plugins)
    {
        var outcome = Loading.Load("plugins:\n" + plugins + Profiles, experimental: true);
        Assert.Empty(outcome.Faults);
        return outcome.Configuration!;
    }

    [Fact]
    public void PdProfileHandler_WithHeadersHandler_NamesThePrefillServer()
    {
        const string deprecated = "- type: always-disagg-pd-decider\n- type: {0}\n- type: pd-profile-handler\n  parameters: {{deciderPluginName: always-disagg-pd-decider}}";
        foreach (var handler in new[] { "disagg-headers-handler", "prefill-header-handler" })
        {
            var decided = Decided.By(Load(string.Format(System.Globalization.CultureInfo.InvariantCulture, deprecated, handler)), View);

            Assert.Equal([0], decided.Picks);
            Assert.Equal("10.0.0.1:8000", decided.Headers["x-prefiller-host-port"]);
            Assert.Equal("prefill-decode", decided.Stages);
        }
    }

    [Fact]
    public void PdProfileHandler_NothingSplitOff_RunsDecodeAlone()
    {
        var decided = Decided.By(Load("- type: prefix-based-pd-decider\n- type: disagg-headers-handler\n- type: pd-profile-handler\n  parameters: {deciderPluginName: prefix-based-pd-decider}"), View);

        Assert.Null(decided.Headers["x-prefiller-host-port"]);
        Assert.Equal("decode-only", decided.Stages);
    }

    [Fact]
    public void PdProfileHandler_PrimaryPort_NamesTheRankAndTakesThePort()
    {
        var decided = Decided.By(Load("- type: always-disagg-pd-decider\n- type: pd-profile-handler\n  parameters: {deciderPluginName: always-disagg-pd-decider, primaryPort: 9000}"), View);

        Assert.Equal("10.0.0.0:8000", decided.Headers["x-data-parallel-host-port"]);
        Assert.Equal(9000, decided.Port);
    }

    [Fact]
    public void PdProfileHandler_WithoutDecider_HasTheOneThatGoesByPrefixes()
    {
        Loading.Accept("plugins:\n- type: pd-profile-handler\n- type: prefix-based-pd-decider" + Profiles);

        Assert.Equal(["c.yaml:4:3: parameters.deciderPluginName: there is no plugin 'prefix-based-pd-decider'"], Loading.Load("plugins:\n- type: pd-profile-handler" + Profiles).Faults);
        Assert.Equal(["c.yaml:5:35: parameters.deciderPluginName must not be empty"], Loading.Load("plugins:\n- type: pd-profile-handler\n  parameters: {deciderPluginName: ''}" + Profiles).Faults);
    }

    [Fact]
    public void DataParallelProfileHandler_Default_SendsToPort8000()
    {
        var decided = Decided.By(Loading.Accept("plugins:\n- type: data-parallel-profile-handler\n- type: max-score-picker"), new ViewBuilder().Add().Build());

        Assert.Equal("10.0.0.0:8000", decided.Headers["x-data-parallel-host-port"]);
        Assert.Equal(8000, decided.Port);
    }

    [Fact]
    public void DataParallelProfileHandler_TwoProfiles_IsRefused() =>
        Assert.Contains(Loading.Load("plugins:\n- type: data-parallel-profile-handler" + Profiles).Faults, fault => fault.Contains("serves one profile, not 2", StringComparison.Ordinal));

    [Theory]
    [InlineData(null, 0)] // decode is the default
    [InlineData("", 0)]
    [InlineData(" prefill ", 1)]
    [InlineData("decode", 0)]
    public void HeaderProfileHandler_Header_NamesTheProfile(string? header, int picked)
    {
        var request = new InferenceRequest { Headers = header is null ? new FixedHeaders() : new FixedHeaders(("epp-profile", header)) };

        Assert.Equal([picked], Decided.By(Load("- type: header-profile-handler"), View, request).Picks);
    }

    [Fact]
    public void HeaderProfileHandler_UnknownProfile_IsRefused()
    {
        var request = new InferenceRequest { Headers = new FixedHeaders(("EPP-Profile", "Decode")) };

        Assert.Equal(PickOutcome.NoProfile, Decided.By(Load("- type: header-profile-handler"), View, request).Outcome);
    }

    [Fact]
    public void HeaderProfileHandler_OtherParameters_AreTaken()
    {
        var configuration = Load("- type: header-profile-handler\n  parameters: {headerName: x-stage, defaultProfile: prefill}");

        Assert.Equal([1], Decided.By(configuration, View).Picks);
        Assert.Equal([0], Decided.By(configuration, View, new InferenceRequest { Headers = new FixedHeaders(("x-stage", "decode")) }).Picks);
    }

    [Fact]
    public void HeaderProfileHandler_OneProfile_RunsItWhateverTheHeaderSays()
    {
        var outcome = Loading.Load("plugins:\n- type: header-profile-handler\n- type: max-score-picker", experimental: true);

        Assert.Equal([0], Decided.By(outcome.Configuration!, new ViewBuilder().Add().Build(), new InferenceRequest { Headers = new FixedHeaders(("epp-profile", "nowhere")) }).Picks);
    }

    [Fact]
    public void NoHitLru_PrefillSplitOff_MarksBothServers()
    {
        // All four serve both stages.
        var builder = new ViewBuilder();
        for (var i = 0; i < 4; i++)
        {
            builder.Add(labels: ("llm-d.ai/role", "both"));
        }

        var view = builder.Build();
        var configuration = Load("- type: no-hit-lru-scorer\n- type: always-disagg-pd-decider\n- type: disagg-profile-handler\n  parameters: {deciders: {prefill: always-disagg-pd-decider}}");
        var scorer = configuration.Find<Picking.Scorers.NoHitLruScorer>()!;
        var match = new PrefixMatch();
        new PrefixIndex().Match(Chains.Request(Chains.Of(1)), match);
        var scratch = new PickScratch();
        var context = new PickContext(view, new InferenceRequest(), 0, new Random(1), match);
        configuration.Scheduler.Pick(context, [0, 1, 2, 3], scratch, out _);
        var (decoder, prefiller) = (scratch.Result.Runs[0].Best, scratch.Result.Runs[1].Best);
        configuration.Hooks.BeforeRequest(context, scratch.Result, new RequestEdits());
        var scores = new double[4];
        scorer.Score(context, [0, 1, 2, 3], scores);

        // Two never used: 1 and 1 − 1/3; then the used ones, the prefill server last. The same server for both stages is used once.
        var used = new[] { decoder, prefiller }.Distinct().ToList();
        Assert.All(Enumerable.Range(0, 4).Except(used), server => Assert.True(scores[server] > scores[decoder]));
        Assert.Equal(0, scores[prefiller], 12);
    }
}
