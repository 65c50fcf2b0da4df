using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Telemetry;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Grains.Tests.Fakes;
using Orleans.Inference.Picking.Policies;
using Orleans.Inference.TestKit;
using Prometheus;
using System.Globalization;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

public sealed class RequestMetricsTests
{
    private const string Now = "{model_name=\"m\",target_model_name=\"t\",fairness_id=\"f\",priority=\"-2\"}";
    private const string Older = "{model_name=\"m\",target_model_name=\"t\"}";

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly RequestMetrics _metrics;

    private readonly PoolRegistry _pools = new(new GatewayOptions(), TimeProvider.System);

    public RequestMetricsTests() => _metrics = new(_registry, _pools);

    private RequestSeries Series => _metrics.For("m", "t", "f", -2);

    [Fact]
    public async Task Scheduled_CountsTheRequestAndItsSize()
    {
        Series.Scheduled(100);
        Series.Scheduled(64);

        var page = await PageAsync();

        Assert.Equal(2, page["llm_d_epp_request_total" + Now]);
        Assert.Equal(2, page["inference_objective_request_total{model_name=\"m\",target_model_name=\"t\",priority=\"-2\"}"]);
        AssertHistogram(page, "llm_d_epp_request_size_bytes", Now, 164, 2, ("64", 1), ("128", 2), ("1073741824", 2));
        AssertHistogram(page, "inference_objective_request_sizes", Older, 164, 2, ("64", 1), ("128", 2), ("1073741824", 2));
        Assert.False(page.HasFamily("llm_d_epp_request_duration_seconds_count"));
    }

    [Fact]
    public async Task Failed_CountsByCode()
    {
        Series.Failed("BadRequest");
        Series.Failed("ModelServerError");
        Series.Failed("BadRequest");
        await PageAsync();
        Series.Failed("BadRequest");

        var page = await PageAsync();

        Assert.Equal(3, page[$"llm_d_epp_request_error_total{Now[..^1]},error_code=\"BadRequest\"}}"]);
        Assert.Equal(1, page[$"llm_d_epp_request_error_total{Now[..^1]},error_code=\"ModelServerError\"}}"]);
        Assert.Equal(3, page[$"inference_objective_request_error_total{Older[..^1]},error_code=\"BadRequest\"}}"]);
    }

    [Fact]
    public async Task Running_GoesUpAndDown()
    {
        var other = _metrics.For("m", "u", "f", 0);
        Series.RunningStarted();
        Series.RunningStarted();
        other.RunningStarted();
        var first = await PageAsync();
        Series.RunningEnded();
        Series.RunningEnded();
        var second = await PageAsync();

        Assert.Equal(2, first["llm_d_epp_request_running" + Now]);
        Assert.Equal(3, first["inference_objective_running_requests{model_name=\"m\"}"]);
        Assert.Equal(0, second["llm_d_epp_request_running" + Now]);
        Assert.Equal(1, second["inference_objective_running_requests{model_name=\"m\"}"]);
    }

    [Fact]
    public async Task Running_StartedAndEndedBetweenTwoPages_IsZeroOnThePage()
    {
        Series.RunningStarted();
        Series.RunningEnded();

        Assert.Equal(0, (await PageAsync())["llm_d_epp_request_running" + Now]);
    }

    [Fact]
    public async Task Running_WithoutAModel_IsNotCounted()
    {
        _metrics.For("", "", "f", 0).RunningStarted();

        Assert.False((await PageAsync()).HasFamily("llm_d_epp_request_running"));
    }

    [Fact]
    public async Task Completed_Streamed_TellsEveryFigure()
    {
        Series.Completed(new()
        {
            Duration = 2.5,
            TimeToFirstToken = 0.5,
            Streamed = true,
            ResponseBytes = 20_000,
            InputTokens = 600_000,
            OutputTokens = 5,
            CachedTokens = 0,
            StreamedEvents = 5,
        });

        var page = await PageAsync();

        AssertHistogram(page, "llm_d_epp_request_duration_seconds", Now, 2.5, 1, ("2", 0), ("3", 1), ("3600", 1));
        AssertHistogram(page, "inference_objective_request_duration_seconds", Older, 2.5, 1, ("2", 0), ("3", 1));
        AssertHistogram(page, "llm_d_epp_response_size_bytes", Now, 20_000, 1, ("16384", 0), ("32778", 1));
        AssertHistogram(page, "inference_objective_response_sizes", Older, 20_000, 1, ("16384", 0), ("32778", 1));
        AssertHistogram(page, "llm_d_epp_request_input_tokens", Now, 600_000, 1, ("524288", 0), ("1048576", 1));
        AssertHistogram(page, "inference_objective_input_tokens", Older, 600_000, 1, ("524288", 0), ("1048576", 1));
        AssertHistogram(page, "llm_d_epp_request_cached_tokens", Now, 0, 1, ("1", 1));
        AssertHistogram(page, "inference_objective_prompt_cached_tokens", Older, 0, 1, ("1", 1));
        AssertHistogram(page, "llm_d_epp_request_output_tokens", Now, 5, 1, ("1", 0), ("8", 1), ("8192", 1));
        AssertHistogram(page, "inference_objective_output_tokens", Older, 5, 1, ("1", 0), ("8", 1));
        AssertHistogram(page, "llm_d_epp_request_ntpot_seconds", Now, 0.5, 1, ("0.2", 0), ("0.5", 1));
        AssertHistogram(page, "inference_objective_normalized_time_per_output_token_seconds", Older, 0.5, 1, ("0.2", 0), ("0.5", 1));
        AssertHistogram(page, "llm_d_epp_request_ttft_seconds", $"{Now[..^1]},streaming=\"true\"}}", 0.5, 1, ("0.4", 0), ("0.6", 1), ("120", 1));
        AssertHistogram(page, "llm_d_epp_request_streaming_tpot_seconds", Now, 0.5, 1, ("0.4", 0), ("0.5", 1));
    }

    [Fact]
    public async Task Completed_Whole_HasNoTimePerStreamedToken()
    {
        Series.Completed(new() { Duration = 1, TimeToFirstToken = 1, OutputTokens = 10, InputTokens = 3 });

        var page = await PageAsync();

        AssertHistogram(page, "llm_d_epp_request_ttft_seconds", $"{Now[..^1]},streaming=\"false\"}}", 1, 1, ("0.8", 0), ("1", 1));
        Assert.False(page.HasFamily("llm_d_epp_request_streaming_tpot_seconds_count"));
        Assert.False(page.HasFamily("llm_d_epp_request_cached_tokens_count"));
    }

    [Fact]
    public async Task Completed_WithoutUsageAndBody_HasNoTokens()
    {
        Series.Completed(new() { Duration = 1, Streamed = true });
        Series.Completed(new() { Duration = 1, Streamed = true, TimeToFirstToken = 0.5, OutputTokens = 1 });

        var page = await PageAsync();

        Assert.Equal(2, page["llm_d_epp_request_duration_seconds_count" + Now]);
        Assert.Equal(2, page["llm_d_epp_response_size_bytes_count" + Now]);
        Assert.Equal(1, page["llm_d_epp_request_ntpot_seconds_count" + Now]);
        Assert.Equal(1, page[$"llm_d_epp_request_ttft_seconds_count{Now[..^1]},streaming=\"true\"}}"]);
        Assert.False(page.HasFamily("llm_d_epp_request_input_tokens_count"));
        Assert.False(page.HasFamily("llm_d_epp_request_streaming_tpot_seconds_count"));
    }

    [Fact]
    public async Task InterTokenLatency_IsObserved()
    {
        Series.InterTokenLatency(0.03);
        Series.InterTokenLatency(5);

        AssertHistogram(await PageAsync(), "llm_d_epp_request_streaming_itl_seconds", Now, 5.03, 2, ("0.02", 0), ("0.04", 1), ("2", 1), ("+Inf", 2));
    }

    [Fact]
    public async Task Figures_OfSeveralPages_AddUp()
    {
        Series.Completed(new() { Duration = 0.2 });
        await PageAsync();
        Series.Completed(new() { Duration = 0.2 });
        Series.Completed(new() { Duration = 0.21 });
        await PageAsync();

        AssertHistogram(await PageAsync(), "llm_d_epp_request_duration_seconds", Now, 0.61, 3, ("0.1", 0), ("0.2", 2), ("0.4", 3));
    }

    [Fact]
    public async Task Models_BeyondTheLimit_AreOther()
    {
        for (var i = 0; i < RequestMetrics.NameLimit; i++)
        {
            var name = $"m{i}";
            _metrics.For(name, name, "", 0).Scheduled(1);
        }

        _metrics.For("one", "one", "", 0).Scheduled(1);
        _metrics.For("two", "m1", "", 0).Scheduled(1);
        _pools.Update([TestData.Pool("p")]);
        _pools.Find("ns/p")!.Policies = new([], [], [new RewriteRule("rule", ["asked for"], [new RewriteTarget("configured", null)])]);
        _metrics.For("asked for", "configured", "", 0).Scheduled(1);
        var page = await PageAsync();

        Assert.Equal(1, page[Total("m999", "m999", "")]);
        Assert.Equal(1, page[Total("other", "other", "")]);
        Assert.Equal(1, page[Total("other", "m1", "")]);
        Assert.Equal(1, page[Total("asked for", "configured", "")]);
        Assert.Equal(1003, page.Series.Count(series => series.StartsWith("llm_d_epp_request_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task FairnessIds_BeyondTheLimit_AreOther()
    {
        for (var i = 0; i < RequestMetrics.NameLimit + 5; i++)
        {
            _metrics.For("m", "m", i.ToString(CultureInfo.InvariantCulture), 0).Scheduled(1);
        }

        var page = await PageAsync();

        Assert.Equal(1, page[Total("m", "m", "999")]);
        Assert.Equal(5, page[Total("m", "m", "other")]);
    }

    [Fact]
    public async Task Combinations_BeyondTheLimit_AreCountedTogether()
    {
        const int Models = 100;
        const int FairnessIds = 200;
        for (var i = 0; i < Models * FairnessIds; i++)
        {
            var model = $"m{i % Models}";
            _metrics.For(model, model, $"f{i / Models}", 0).Scheduled(1);
        }

        var page = await PageAsync();
        var totals = page.Series.Where(series => series.StartsWith("llm_d_epp_request_total{", StringComparison.Ordinal)).ToList();

        Assert.Equal(RequestMetrics.SeriesLimit + Models, totals.Count);
        Assert.Equal(Models * FairnessIds, totals.Sum(series => page[series]));
        Assert.True(page[Total("m7", "m7", "other")] > 100);
    }

    [Fact]
    public void For_KnownCombination_AllocatesNothing()
    {
        string[] models = ["a", new('b', 20)];
        var flood = Enumerable.Range(0, RequestMetrics.NameLimit).Select(i => $"{i}").ToList();
        flood.ForEach(id => _metrics.For(models[0], models[1], id, 0));

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var series = _metrics.For(models[0], models[1], i % 2 == 0 ? "1" : "not admitted", 0);
                series.Scheduled(1000);
                series.RunningStarted();
                series.InterTokenLatency(0.01);
                series.Completed(new() { Duration = 1, Streamed = true, TimeToFirstToken = 0.1, ResponseBytes = 10, InputTokens = 10, OutputTokens = 10, CachedTokens = 1 });
                series.Failed("BadRequest");
                series.RunningEnded();
            }
        }));
    }

    [Fact]
    public async Task Figures_FromManyThreadsWhilePagesAreWritten_AreAllCounted()
    {
        using var done = new CancellationTokenSource();
        var pages = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await PageAsync();
            }
        });
        Parallel.For(0, 40_000, i =>
        {
            var series = _metrics.For("m", "t", $"f{i % 3}", 0);
            series.Scheduled(i);
            series.InterTokenLatency(0.015);
            series.RunningStarted();
            series.RunningEnded();
        });
        await done.CancelAsync();
        await pages.WaitAsync(Bounds.Wait);
        var page = await PageAsync();

        Assert.Equal(40_000, page["inference_objective_request_total{model_name=\"m\",target_model_name=\"t\",priority=\"0\"}"]);
        Assert.Equal(40_000, page["inference_objective_request_sizes_count" + Older]);
        Assert.Equal(40_000.0 * 39_999 / 2, page["inference_objective_request_sizes_sum" + Older], 1e-3);
        Assert.Equal(0, page["inference_objective_running_requests{model_name=\"m\"}"]);
    }

    private static string Total(string model, string target, string fairnessId) =>
        $"llm_d_epp_request_total{{model_name=\"{model}\",target_model_name=\"{target}\",fairness_id=\"{fairnessId}\",priority=\"0\"}}";

    private static void AssertHistogram(MetricsText page, string name, string labels, double sum, double count, params (string Bound, double Count)[] buckets)
    {
        Assert.Equal(sum, page[$"{name}_sum{labels}"], 1e-9);
        Assert.Equal(count, page[$"{name}_count{labels}"]);
        foreach (var (bound, atMost) in buckets)
        {
            Assert.Equal(atMost, page[$"{name}_bucket{labels[..^1]},le=\"{bound}\"}}"]);
        }
    }

    private Task<MetricsText> PageAsync() => MetricsText.OfAsync(_registry);
}
