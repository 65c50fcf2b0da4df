using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.Picking;
using Orleans.Inference.TestKit;
using Prometheus;
using System.Collections.Frozen;
using static Orleans.Inference.ExtProcGateway.Tests.Telemetry.MetricViews;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

public sealed class PickerMetricsTests
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly PoolRegistry _pools = new(new GatewayOptions(), TimeProvider.System);
    private readonly RequestMetrics _requests;
    private readonly PickerMetrics _metrics;

    public PickerMetricsTests()
    {
        _requests = new(_registry, _pools);
        _metrics = new(_registry, _requests, _pools, new GatewayOptions { GrpcStreamMetrics = true });
        _pools.Update([TestData.Pool("p")]);
    }

    [Fact]
    public async Task Durations_AreObserved()
    {
        _metrics.SchedulerDuration(0.00015);
        _metrics.RequestProcessing(0.03);
        _metrics.ResponseProcessing(0.0002);

        var page = await PageAsync();

        foreach (var name in (string[])["llm_d_epp_scheduler_e2e_duration_seconds", "inference_extension_scheduler_e2e_duration_seconds"])
        {
            Assert.Equal(0, page[name + "_bucket{le=\"0.0001\"}"]);
            Assert.Equal(1, page[name + "_bucket{le=\"0.0002\"}"]);
            Assert.Equal(1, page[name + "_bucket{le=\"0.1\"}"]);
            Assert.Equal(0.00015, page[name + "_sum"], 1e-9);
        }

        Assert.Equal(0, page["llm_d_epp_request_processing_duration_seconds_bucket{le=\"0.025\"}"]);
        Assert.Equal(1, page["llm_d_epp_request_processing_duration_seconds_bucket{le=\"0.04\"}"]);
        Assert.Equal(0, page["llm_d_epp_response_processing_duration_seconds_bucket{le=\"0.0001\"}"]);
        Assert.Equal(1, page["llm_d_epp_response_processing_duration_seconds_bucket{le=\"0.00025\"}"]);
    }

    [Fact]
    public async Task SchedulerAttempts_CountByOutcomeAndServer()
    {
        var server = Server("pod-rank-x", 8123);
        _pools.Find("ns/p")!.View = Of("ns/p", (server, 0, 0, 0, 0));
        _metrics.SchedulerSucceeded("m", server);
        _metrics.SchedulerSucceeded("m", server);
        _metrics.SchedulerFailed("m");

        var page = await PageAsync();

        Assert.Equal(2, page["llm_d_epp_scheduler_attempts_total{status=\"success\",target_model_name=\"m\",endpoint_name=\"pod-rank-x\",namespace=\"ns\",port=\"8123\"}"]);
        Assert.Equal(2, page["inference_extension_scheduler_attempts_total{status=\"success\",target_model_name=\"m\",pod_name=\"pod-rank-x\",namespace=\"ns\",port=\"8123\"}"]);
        Assert.Equal(1, page["llm_d_epp_scheduler_attempts_total{status=\"failure\",target_model_name=\"m\",endpoint_name=\"\",namespace=\"\",port=\"\"}"]);
    }

    [Fact]
    public async Task SchedulerAttempts_OfServersThatAreGone_End()
    {
        var (gone, relabelled) = (Server("gone"), Server("relabelled"));
        var pool = _pools.Find("ns/p")!;
        pool.View = Of("ns/p", (gone, 0, 0, 0, 0), (relabelled, 0, 0, 0, 0));
        _metrics.SchedulerSucceeded("m", gone);
        _metrics.SchedulerSucceeded("m", relabelled);
        var before = await PageAsync();
        var successor = new ModelServer(relabelled.Id, relabelled.Address, new Dictionary<string, string> { ["a"] = "b" }.ToFrozenDictionary());
        pool.View = Of("ns/p", (successor, 0, 0, 0, 0));
        _metrics.SchedulerSucceeded("m", successor);
        await PageAsync();
        var after = await PageAsync();

        Assert.Equal(1, before[Success("gone")]);
        Assert.False(after.Has(Success("gone")));
        Assert.DoesNotContain("pod_name=\"gone\"", after.Text, StringComparison.Ordinal);
        Assert.Equal(2, after[Success("relabelled")]);

        pool.View = Of("ns/p");
        Assert.False((await PageAsync()).HasFamily("llm_d_epp_scheduler_attempts_total"));
    }

    [Fact]
    public async Task SchedulerAttempts_OfTooManyModels_AreOther()
    {
        var server = Server("pod");
        _pools.Find("ns/p")!.View = Of("ns/p", (server, 0, 0, 0, 0));
        for (var i = 0; i < RequestMetrics.NameLimit + 3; i++)
        {
            _metrics.SchedulerSucceeded($"m{i}", server);
            _metrics.SchedulerFailed($"m{i}");
        }

        var page = await PageAsync();

        Assert.Equal(3, page[Success("pod", "other")]);
        Assert.Equal(3, page["llm_d_epp_scheduler_attempts_total{status=\"failure\",target_model_name=\"other\",endpoint_name=\"\",namespace=\"\",port=\"\"}"]);
        Assert.Equal(1, page[Success("pod", "m999")]);
    }

    [Fact]
    public async Task DisaggregationDecision_CountsByTheHandlersType()
    {
        _metrics.DisaggregationDecision(new("split", "disagg-profile-handler", "prefill-decode"), "m");
        _metrics.DisaggregationDecision(new("split", "disagg-profile-handler", "prefill-decode"), "m");
        _metrics.DisaggregationDecision(new("older", "pd-profile-handler", "decode-only"), "");

        var page = await PageAsync();

        Assert.Equal(2, page["llm_d_epp_disagg_decision_total{plugin_name=\"split\",plugin_type=\"disagg-profile-handler\",model_name=\"m\",decision_type=\"prefill-decode\"}"]);
        Assert.Equal(2, page["llm_d_inference_scheduler_disagg_decision_total{model_name=\"m\",decision_type=\"prefill-decode\"}"]);
        Assert.Equal(1, page["llm_d_epp_pd_decision_total{plugin_name=\"older\",plugin_type=\"pd-profile-handler\",model_name=\"unknown\",decision_type=\"decode-only\"}"]);
    }

    [Fact]
    public async Task ModelRewriteDecision_Counts()
    {
        _metrics.ModelRewriteDecision("rule", "asked", "got");
        _metrics.ModelRewriteDecision("rule", "asked", "got");

        var page = await PageAsync();

        Assert.Equal(2, page["llm_d_epp_model_rewrite_decisions_total{model_rewrite_name=\"rule\",model_name=\"asked\",target_model=\"got\"}"]);
        Assert.Equal(2, page["inference_extension_model_rewrite_decisions_total{model_rewrite_name=\"rule\",model_name=\"asked\",target_model=\"got\"}"]);
    }

    [Fact]
    public async Task Info_IsOne()
    {
        var page = await PageAsync();

        Assert.Equal(1, page[$"llm_d_epp_info{{commit=\"{BuildInfo.Commit}\",build_ref=\"{BuildInfo.Reference}\"}}"]);
        Assert.Equal(1, page[$"inference_extension_info{{commit=\"{BuildInfo.Commit}\",build_ref=\"{BuildInfo.Reference}\"}}"]);
    }

    [Fact]
    public async Task Streams_AreCountedByTheirEnd()
    {
        var streams = _metrics.Streams!;
        streams.Started();
        streams.Started();
        streams.Started();
        streams.Ended(GrpcStatusCode.Ok, 0.02);
        streams.Ended(GrpcStatusCode.Cancelled, 700);

        var page = await PageAsync();

        Assert.Equal(1, page["llm_d_epp_extproc_streams_inflight"]);
        Assert.Equal(1, page["llm_d_epp_extproc_streams_total{code=\"OK\"}"]);
        Assert.Equal(1, page["llm_d_epp_extproc_streams_total{code=\"Canceled\"}"]);
        Assert.Equal(1, page["llm_d_epp_extproc_stream_duration_seconds_bucket{le=\"0.05\"}"]);
        Assert.Equal(1, page["llm_d_epp_extproc_stream_duration_seconds_bucket{le=\"600\"}"]);
        Assert.Equal(2, page["llm_d_epp_extproc_stream_duration_seconds_count"]);
    }

    [Fact]
    public void Streams_NotAskedFor_AreNotMeasured() =>
        Assert.Null(new PickerMetrics(Metrics.NewCustomRegistry(), _requests, _pools, new GatewayOptions()).Streams);

    [Fact]
    public async Task Plugins_AreMeasuredForSomeRequests()
    {
        var due = 0;
        for (var i = 0; i < 3 * PluginDurations.Every; i++)
        {
            if (_metrics.Plugins.OfNextRequest() is { } times)
            {
                due++;
                times.Took("Scorer", "queue-scorer", "queue-scorer", TimeSpan.FromMicroseconds(120));
            }
        }

        var page = await PageAsync();

        Assert.Equal(3, due);
        foreach (var name in (string[])["llm_d_epp_plugin_duration_seconds", "inference_extension_plugin_duration_seconds"])
        {
            Assert.Equal(3, page[name + "_count{extension_point=\"Scorer\",plugin_type=\"queue-scorer\",plugin_name=\"queue-scorer\"}"]);
            Assert.Equal(3, page[name + "_bucket{extension_point=\"Scorer\",plugin_type=\"queue-scorer\",plugin_name=\"queue-scorer\",le=\"0.0002\"}"]);
        }
    }

    [Fact]
    public void Observing_InTheSteadyState_AllocatesNothing()
    {
        var server = Server("pod");

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                _metrics.SchedulerDuration(0.001);
                _metrics.SchedulerSucceeded("m", server);
                _metrics.SchedulerFailed("m");
                _metrics.RequestProcessing(0.001);
                _metrics.ResponseProcessing(0.001);
                _metrics.ModelRewriteDecision("rule", "asked", "got");
                _metrics.Streams!.Started();
                _metrics.Streams!.Ended(GrpcStatusCode.Ok, 1);
            }
        }));
    }

    private static string Success(string pod, string model = "m") =>
        $"llm_d_epp_scheduler_attempts_total{{status=\"success\",target_model_name=\"{model}\",endpoint_name=\"{pod}\",namespace=\"ns\",port=\"8000\"}}";

    private Task<MetricsText> PageAsync() => MetricsText.OfAsync(_registry);
}
