using System.Diagnostics;
using Orleans.Inference.Picking.Filters;
using Orleans.Inference.Picking.Scheduling;
using Orleans.Inference.Picking.Scorers;
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
