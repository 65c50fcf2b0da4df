using System.Text.RegularExpressions;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests.MetricsPages;

/// <summary>The metrics page of the real process, as operators' tools read it.</summary>
public sealed class MetricsPageTests(MeasuredPicker measured) : IClassFixture<MeasuredPicker>
{
    [Fact]
    public async Task Page_OfThePools_HasTheFiguresOfTheirModelServers()
    {
        // The views come a moment after the figures.
        await TestKit.Bounds.UntilAsync(async () => (await PageAsync()).Contains("llm_d_epp_average_queue_size{name=\"pool\"} 1.5\n", StringComparison.Ordinal), "the pool's average queue");
        var page = await PageAsync();

        Assert.Contains("\nllm_d_epp_ready_endpoints{name=\"pool\"} 2\n", page, StringComparison.Ordinal);
        Assert.Contains("\ninference_pool_ready_pods{name=\"pool\"} 2\n", page, StringComparison.Ordinal);
        Assert.Contains("\ninference_pool_average_queue_size{name=\"pool\"} 1.5\n", page, StringComparison.Ordinal);
        Assert.Contains("\nllm_d_epp_std_dev_queue_size{name=\"pool\"} 2.12\n", page, StringComparison.Ordinal);
        Assert.Contains("\nllm_d_epp_per_endpoint_queue_size{name=\"pool\",model_server_endpoint=\"model-0-rank-0\"} 3\n", page, StringComparison.Ordinal);
        Assert.Contains("\ninference_pool_per_pod_queue_size{name=\"pool\",model_server_pod=\"model-1-rank-1\"} 0\n", page, StringComparison.Ordinal);
        Assert.Contains("\nllm_d_epp_ready_endpoints{name=\"empty\"} 0\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfRequests_HasWhatTheyWereAndCameTo()
    {
        const string Requests = "{model_name=\"measured\",target_model_name=\"measured\",fairness_id=\"tenant\",priority=\"0\"}";
        const string Older = "{model_name=\"measured\",target_model_name=\"measured\"}";
        var page = await PageAsync();

        AssertSeries(page, "llm_d_epp_request_total" + Requests, 3);
        AssertSeries(page, "inference_objective_request_total" + Older[..^1] + ",priority=\"0\"}", 3);
        AssertSeries(page, "llm_d_epp_request_error_total" + Requests[..^1] + ",error_code=\"ModelServerError\"}", 1);
        AssertSeries(page, "inference_objective_request_error_total" + Older[..^1] + ",error_code=\"ModelServerError\"}", 1);
        Assert.Matches("(?m)^llm_d_epp_request_error_total\\{model_name=\"\",.*,error_code=\"BadRequest\"\\} 1$", page);
        AssertSeries(page, "llm_d_epp_request_running" + Requests, 0);
        AssertSeries(page, "inference_objective_running_requests{model_name=\"measured\"}", 0);
        AssertSeries(page, "llm_d_epp_request_size_bytes_count" + Requests, 3);
        AssertSeries(page, "inference_objective_request_sizes_sum" + Older, MeasuredPicker.RequestBytes);
        AssertSeries(page, "llm_d_epp_request_duration_seconds_count" + Requests, 3);
        AssertSeries(page, "llm_d_epp_response_size_bytes_sum" + Requests, MeasuredPicker.ResponseBytes);
        AssertSeries(page, "inference_objective_response_sizes_count" + Older, 3);
        AssertSeries(page, "llm_d_epp_request_input_tokens_sum" + Requests, 14);
        AssertSeries(page, "inference_objective_input_tokens_count" + Older, 2);
        AssertSeries(page, "llm_d_epp_request_output_tokens_sum" + Requests, 5);
        AssertSeries(page, "inference_objective_output_tokens_bucket" + Older[..^1] + ",le=\"1\"}", 0);
        AssertSeries(page, "llm_d_epp_request_cached_tokens_sum" + Requests, 4);
        AssertSeries(page, "llm_d_epp_request_ntpot_seconds_count" + Requests, 2);
        AssertSeries(page, "inference_objective_normalized_time_per_output_token_seconds_count" + Older, 2);
        AssertSeries(page, "llm_d_epp_request_ttft_seconds_count" + Requests[..^1] + ",streaming=\"true\"}", 1);
        AssertSeries(page, "llm_d_epp_request_ttft_seconds_count" + Requests[..^1] + ",streaming=\"false\"}", 2);
        AssertSeries(page, "llm_d_epp_request_streaming_tpot_seconds_count" + Requests, 1);
        AssertSeries(page, "llm_d_epp_request_streaming_itl_seconds_count" + Requests, 3);
    }

    [Fact]
    public async Task Page_OfThePicker_HasWhatItDecidedAndHowLongItTook()
    {
        var page = await PageAsync();
        var attempts = Regex.Matches(page, "(?m)^llm_d_epp_scheduler_attempts_total\\{status=\"success\",target_model_name=\"measured\",endpoint_name=\"model-[01]\",namespace=\"ns\",port=\"[0-9]+\"\\} ([0-9]+)$");

        Assert.Equal(3, attempts.Sum(attempt => int.Parse(attempt.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Matches("(?m)^inference_extension_scheduler_attempts_total\\{status=\"success\",target_model_name=\"measured\",pod_name=\"model-[01]\",namespace=\"ns\",port=\"[0-9]+\"\\} [1-9]", page);
        AssertSeries(page, "llm_d_epp_scheduler_e2e_duration_seconds_count", 3);
        AssertSeries(page, "inference_extension_scheduler_e2e_duration_seconds_count", 3);
        AssertSeries(page, "llm_d_epp_request_processing_duration_seconds_count", 3);
        AssertSeries(page, "llm_d_epp_response_processing_duration_seconds_count", 3);
        AssertSeries(page, "llm_d_epp_plugin_duration_seconds_count{extension_point=\"Scorer\",plugin_type=\"queue-scorer\",plugin_name=\"queue-scorer\"}", 1);
        AssertSeries(page, "inference_extension_plugin_duration_seconds_count{extension_point=\"Picker\",plugin_type=\"max-score-picker\",plugin_name=\"max-score-picker\"}", 1);
        AssertSeries(page, "llm_d_epp_extproc_streams_inflight", 0);
        Assert.Matches("(?m)^llm_d_epp_extproc_streams_total\\{code=\"[A-Za-z]+\"\\} [1-9]", page);
        Assert.Matches("(?m)^llm_d_epp_extproc_stream_duration_seconds_count [1-9]", page);
    }

    [Fact]
    public async Task Page_EveryFamily_IsInTheDocs()
    {
        var docs = await File.ReadAllTextAsync(Path.Combine(TestKit.RepositoryPaths.Root, "docs", "metrics.md"));

        Assert.All(Regex.Matches(await PageAsync(), "(?m)^# TYPE (\\S+) "), match => Assert.Contains($"`{match.Groups[1].Value}`", docs, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_OfTheProcess_SaysWhatWasBuiltAndWhatItUses()
    {
        var page = await PageAsync();

        Assert.Matches("(?m)^llm_d_epp_info\\{commit=\"[^\"]+\",build_ref=\"[^\"]+\"\\} 1$", page);
        Assert.Matches("(?m)^inference_extension_info\\{commit=\"[^\"]+\",build_ref=\"[^\"]+\"\\} 1$", page);
        Assert.Matches("(?m)^process_cpu_seconds_total [0-9]", page);
        Assert.Matches("(?m)^orleans_inference_grains_scrapes_total [1-9]", page);
    }

    [Fact]
    public async Task Page_EveryFamily_IsDeclaredOnceWithAHelpText()
    {
        var page = await PageAsync();
        var helps = Regex.Matches(page, "(?m)^# HELP (\\S+) \\S.*$").Select(match => match.Groups[1].Value).ToList();
        var types = Regex.Matches(page, "(?m)^# TYPE (\\S+) (counter|gauge|histogram)$").Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(helps);
        Assert.Equal(helps.Distinct(), helps);
        Assert.Equal(helps, types);
        Assert.All(
            Regex.Matches(page, "(?m)^# HELP ((llm_d_epp_|inference_)\\S+) (.*)$"),
            match => Assert.StartsWith("[ALPHA] ", match.Groups[3].Value, StringComparison.Ordinal));
    }

    [PromtoolFact]
    public async Task Promtool_ChecksThePage_FindsNothing()
    {
        var page = await PageAsync();

        // promtool reads the d of llm_d as a unit. The name is the reference picker's; with another spelling of it nothing may be left, and with it nothing else.
        Assert.Equal((0, ""), await Promtool.CheckMetricsAsync(page.Replace("llm_d_", "llmd_", StringComparison.Ordinal)));
        var (_, complaints) = await Promtool.CheckMetricsAsync(page);
        Assert.All(
            complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            complaint => Assert.Matches("^llm_d_(epp|inference_scheduler)_[a-z0-9_]+ metric names should not contain abbreviated units$", complaint));
    }

    [PrometheusFact]
    public async Task Prometheus_ScrapesThePage_WithoutAComplaint()
    {
        await using var prometheus = await PrometheusProcess.StartAsync(measured.Picker.MetricsPort);

        await prometheus.AwaitScrapesAsync(3);

        Assert.Equal(("up", ""), await prometheus.ReadTargetAsync());
        Assert.DoesNotContain("level=warn", prometheus.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("level=error", prometheus.Log, StringComparison.Ordinal);
        Assert.Equal("1.5", await prometheus.QueryAsync("sum by(name) (inference_pool_average_queue_size{name=\"pool\"})"));
        Assert.Equal("3", await prometheus.QueryAsync("sum(llm_d_epp_per_endpoint_queue_size)"));
    }

    private static void AssertSeries(string page, string series, double value) =>
        Assert.Contains(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\n{series} {value}\n"), page, StringComparison.Ordinal);

    private Task<string> PageAsync() => measured.Picker.ReadMetricsAsync();
}
