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

    private Task<string> PageAsync() => measured.Picker.ReadMetricsAsync();
}
