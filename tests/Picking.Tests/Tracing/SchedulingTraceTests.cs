using System.Diagnostics;
using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;
using Orleans.Inference.Picking.Tests.Configuration;
using Orleans.Inference.Picking.Tests.Scheduling;
using Orleans.Inference.Picking.Tracing;

namespace Orleans.Inference.Picking.Tests.Tracing;

public sealed class SchedulingTraceTests : IDisposable
{
    private const string RequestsName = "Orleans.Inference.Picking.Tests.SchedulingTraceTests";

    private static readonly ActivitySource Requests = new(RequestsName);

    private readonly List<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private readonly Activity _request;

    public SchedulingTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is SchedulingTrace.SourceName or RequestsName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                // Listeners hear the whole process, and so the tests beside this one.
                if (span.TraceId == _request!.TraceId)
                {
                    _spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
        _request = Requests.StartActivity("request")!;
        Activity.Current = null;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _request.Dispose();
    }

    private static PoolView View() => new ViewBuilder().Add(queued: 4, kv: 0.1).Add(queued: 0, kv: 0.8).Add(queued: 2, kv: 0.2).Add(sampledAt: -9000).Build();

    private int[] Pick(Scheduler scheduler, PoolView view, bool traced, int seed = 1)
    {
        var request = new InferenceRequest { TargetModel = "m", RequestId = "r", Trace = traced ? _request : null };
        scheduler.Pick(new PickContext(view, request, 0, new Random(seed)), [.. Enumerable.Range(0, view.Count)], new PickScratch(), out var picks);
        return picks.ToArray();
    }

    private Activity Span(string name) => Assert.Single(_spans, span => span.OperationName == name);

    [Fact]
    public void Pick_TracedRequest_HasTheSpansOfACycle()
    {
        Assert.Equal([2], Pick(DefaultSchedulers.Create(TimeSpan.FromSeconds(2)), View(), traced: true));

        Assert.Equal(
            [
                "filter_endpoints", "llm_d.epp.scorer.queue-scorer", "llm_d.epp.scorer.kv-cache-utilization-scorer", "llm_d.epp.scorer.prefix-cache-scorer", "llm_d.epp.scorer.token-load-scorer",
                "llm_d.epp.scorer.active-request-scorer", "llm_d.epp.scorer.lora-affinity-scorer", "llm_d.epp.scoring", "pick_endpoints", "run_scheduler_profile",
            ],
            _spans.Select(span => span.OperationName));
        Assert.All(_spans, span => Assert.Equal(("m", "r"), (span.GetTagItem("gen_ai.request.model"), span.GetTagItem("gen_ai.request.id"))));
        var run = Span("run_scheduler_profile");
        Assert.Equal(_request.SpanId, run.ParentSpanId);
        Assert.Equal("default", run.GetTagItem("llm_d.epp.scheduling.profile.name"));
        Assert.Equal(run.SpanId, Span("filter_endpoints").ParentSpanId);
        Assert.Equal(run.SpanId, Span("llm_d.epp.scoring").ParentSpanId);
        Assert.Equal(run.SpanId, Span("pick_endpoints").ParentSpanId);
        Assert.Equal(Span("llm_d.epp.scoring").SpanId, Span("llm_d.epp.scorer.lora-affinity-scorer").ParentSpanId);
    }

    [Fact]
    public void Pick_TracedRequest_TellsFiguresOfEachStep()
    {
        Pick(DefaultSchedulers.Create(TimeSpan.FromSeconds(2)), View(), traced: true);

        Assert.Equal((4, 3), (Span("filter_endpoints").GetTagItem("llm_d.epp.filter.candidate_endpoints"), Span("filter_endpoints").GetTagItem("llm_d.epp.filter.filtered_endpoints")));
        Assert.Equal((6, 3), (Span("llm_d.epp.scoring").GetTagItem("llm_d.epp.scorer.count"), Span("llm_d.epp.scoring").GetTagItem("llm_d.epp.scoring.candidate_endpoints")));
        var scorer = Span("llm_d.epp.scorer.queue-scorer");
        Assert.Equal(("queue-scorer", "queue-scorer", 2.0), (scorer.GetTagItem("llm_d.epp.scorer.type"), scorer.GetTagItem("llm_d.epp.scorer.name"), scorer.GetTagItem("llm_d.epp.scorer.weight")));
        Assert.Equal((3, 3), (scorer.GetTagItem("llm_d.epp.scorer.candidate_endpoints"), scorer.GetTagItem("llm_d.epp.scorer.endpoints_scored")));
        Assert.Equal((1.0, 0.5), (scorer.GetTagItem("llm_d.epp.scorer.score.max"), scorer.GetTagItem("llm_d.epp.scorer.score.avg")));
        var picker = Span("pick_endpoints");
        Assert.Equal(3, picker.GetTagItem("llm_d.epp.picker.candidate_endpoints"));
        Assert.Equal(["default/pod2-rank-0", "default/pod1-rank-0", "default/pod0-rank-0"], Assert.IsType<string[]>(picker.GetTagItem("llm_d.epp.picker.top_endpoints")));
        Assert.Equal([5.6, 5.4, 4.8], Assert.IsType<double[]>(picker.GetTagItem("llm_d.epp.picker.top_scores")).Select(score => Math.Round(score, 9)));
    }

    [Fact]
    public void Pick_FiltersLeaveNothing_EndsTheProfilesSpan()
    {
        var scheduler = new Scheduler(new SingleProfileHandler(), [new SchedulingProfile("strict", [new NoneFilter(), new FreshFilter(TimeSpan.FromSeconds(2))], [new(new QueueScorer(), 1)], new RecordingPicker())]);

        Assert.Empty(Pick(scheduler, View(), traced: true));

        Assert.Equal(["filter_endpoints", "run_scheduler_profile"], _spans.Select(span => span.OperationName));
        Assert.Equal(0, Span("filter_endpoints").GetTagItem("llm_d.epp.filter.filtered_endpoints"));
    }

    [Fact]
    public void Pick_ManyCandidatesWithoutScorers_TellsFiveInOrder()
    {
        var view = new ViewBuilder();
        for (var i = 0; i < 9; i++)
        {
            view.Add();
        }

        Pick(new Scheduler(new SingleProfileHandler(), [new SchedulingProfile("bare", [], [], new RecordingPicker())]), view.Build(), traced: true);

        Assert.Equal(["filter_endpoints", "pick_endpoints", "run_scheduler_profile"], _spans.Select(span => span.OperationName));
        Assert.Equal(
            [.. Enumerable.Range(0, 5).Select(i => $"default/pod{i}-rank-0")], Assert.IsType<string[]>(Span("pick_endpoints").GetTagItem("llm_d.epp.picker.top_endpoints")));
    }

    /// <summary>Servers that decode, process prompts and encode; a picture's request has all three stages.</summary>
    private IReadOnlyDictionary<string, string?> Split(string order, bool pictures, params string[] roles)
    {
        var configuration = Loading.Accept(
            $$"""
            plugins:
            - type: decode-filter
            - type: prefill-filter
            - type: encode-filter
            - {type: max-score-picker, parameters: {maxNumOfEndpoints: 2} }
            - type: always-disagg-pd-decider
            - type: always-disagg-multimodal-decider
            - type: disagg-profile-handler
              parameters: {stageOrder: {{order}}, deciders: {prefill: always-disagg-pd-decider, encode: always-disagg-multimodal-decider} }
            schedulingProfiles:
            - {name: decode, plugins: [{pluginRef: decode-filter}]}
            - {name: prefill, plugins: [{pluginRef: prefill-filter}]}
            - {name: encode, plugins: [{pluginRef: encode-filter}]}
            """);
        var view = roles.Aggregate(new ViewBuilder(), (builder, role) => builder.Add(labels: ("llm-d.ai/role", role))).Build();
        return Decided.By(configuration, view, new InferenceRequest { TargetModel = "m", RequestId = "r", Trace = _request, HasMultiModal = pictures }).Headers;
    }

    private string[] Decisions => [.. _spans.Where(span => span.OperationName == "pick_disagg_profile").Select(span => (string)span.GetTagItem("llm_d.epp.profile_handler.decision")!)];

    [Theory]
    [InlineData("decode-first", true, "run_decode", "run_encode", "run_prefill", "complete_encode-prefill-decode")]
    [InlineData("decode-first", false, "run_decode", "run_prefill", "complete_prefill-decode")]
    [InlineData("prefill-first", true, "run_prefill", "run_encode", "run_decode", "complete_encode-prefill-decode")]
    public void Pick_SplitStages_TellsEachChoice(string order, bool pictures, params string[] decisions)
    {
        Split(order, pictures, "decode", "prefill", "encode", "encode");

        Assert.Equal(decisions, Decisions);
        Assert.All(_spans.Where(span => span.OperationName == "pick_disagg_profile"), span => Assert.Equal((_request.SpanId, "m", "r"), (span.ParentSpanId, span.GetTagItem("gen_ai.request.model"), span.GetTagItem("gen_ai.request.id"))));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Pick_NobodyDecodes_TellsThatItFailed()
    {
        Split("decode-first", pictures: true, "prefill", "encode");

        Assert.Equal(["run_decode", "complete"], Decisions);
        Assert.Equal(true, _spans[^1].GetTagItem("llm_d.epp.profile_handler.decode_failed"));
    }

    [Fact]
    public void Pick_StageWithoutServers_IsNotCompleted()
    {
        Split("decode-first", pictures: true, "decode", "encode");

        Assert.Equal(["run_decode", "run_encode", "run_prefill", "complete_encode-decode"], Decisions);
    }

    [Fact]
    public void BeforeRequest_SplitStages_TellsTheirServers()
    {
        var headers = Split("decode-first", pictures: true, "decode", "prefill", "encode", "encode");

        var span = Span("prepare_disaggregation");
        Assert.Equal((_request.SpanId, "m", "r"), (span.ParentSpanId, span.GetTagItem("gen_ai.request.model"), span.GetTagItem("gen_ai.request.id")));
        Assert.Equal((true, "10.0.0.1", "8000"), (span.GetTagItem("llm_d.epp.pd.disaggregation_used"), span.GetTagItem("llm_d.epp.pd.prefill_pod_address"), span.GetTagItem("llm_d.epp.pd.prefill_pod_port")));
        Assert.Equal(true, span.GetTagItem("llm_d.epp.encode.disaggregation_used"));
        Assert.Equal(headers["x-encoder-hosts-ports"], span.GetTagItem("llm_d.epp.encode.endpoints"));
        Assert.Equal(["10.0.0.2:8000", "10.0.0.3:8000"], headers["x-encoder-hosts-ports"]!.Split(',').Order(StringComparer.Ordinal));
        Assert.Null(Activity.Current);
    }

    /// <summary>Nobody processes prompts, though it was tried; pictures there are none.</summary>
    [Fact]
    public void BeforeRequest_StagesLeftToTheDestination_TellsWhy()
    {
        Split("decode-first", pictures: false, "decode", "encode");

        var span = Span("prepare_disaggregation");
        Assert.Equal((false, "no_prefill_profile_target_endpoints"), (span.GetTagItem("llm_d.epp.pd.disaggregation_used"), span.GetTagItem("llm_d.epp.pd.reason")));
        Assert.Equal((false, "no_encode_profile_result"), (span.GetTagItem("llm_d.epp.encode.disaggregation_used"), span.GetTagItem("llm_d.epp.encode.reason")));
    }

    [Fact]
    public void Pick_TracedOrNot_PicksTheSame()
    {
        var scheduler = DefaultSchedulers.Create(TimeSpan.FromSeconds(2));
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var builder = new ViewBuilder();
            for (var i = 0; i < 12; i++)
            {
                builder.Add(random.Next(3), random.Next(3) / 4.0, random.Next(2) * -9000);
            }

            var view = builder.Build();
            Assert.Equal(Pick(scheduler, view, traced: false, seed), Pick(scheduler, view, traced: true, seed));
        }
    }

    [Fact]
    public void Pick_TracedOrNot_LeavesTheThreadsSpanAlone()
    {
        var scheduler = DefaultSchedulers.Create(TimeSpan.FromSeconds(2));

        Pick(scheduler, View(), traced: false);
        Assert.Empty(_spans);
        Pick(scheduler, View(), traced: true);

        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Pick_ScorerThrows_LeavesTheThreadsSpanAlone()
    {
        var scheduler = new Scheduler(new SingleProfileHandler(), [new SchedulingProfile("bad", [], [new(new ThrowingScorer(), 1)], new RecordingPicker())]);

        Assert.Throws<InvalidOperationException>(() => Pick(scheduler, View(), traced: true));

        Assert.Null(Activity.Current);
    }

    private sealed class NoneFilter : IFilter
    {
        public int Keep(in PickContext context, Span<int> candidates) => 0;
    }

    private sealed class ThrowingScorer : IScorer
    {
        public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores) => throw new InvalidOperationException("a defect");
    }

    private sealed class RecordingPicker : IPicker
    {
        public int MaxPicks => 1;

        public int Pick(in PickContext context, Span<int> candidates, Span<double> totals, Span<int> picks)
        {
            picks[0] = candidates[0];
            return 1;
        }
    }
}
