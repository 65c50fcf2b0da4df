using System.Globalization;
using Orleans.Inference.ExtProcGateway.Telemetry;

namespace Orleans.Inference.ExtProcGateway.Tests.Telemetry;

public sealed class MetricCatalogTests
{
    private const string General = "0.005 0.025 0.05 0.1 0.2 0.4 0.6 0.8 1 1.25 1.5 2 3 4 5 6 8 10 15 20 30 45 60 120 180 240 300 360 480 600 900 1200 1800 2700 3600";
    private const string Scheduling = "0.0001 0.0002 0.0005 0.001 0.002 0.005 0.01 0.02 0.05 0.1";
    private const string Output = "1 8 16 32 64 128 256 512 1024 2048 4096 8192";
    private const string Response = Output + " 16384 32778 65536";
    private const string Input = Response + " 131072 262144 524288 1048576";

    /// <summary>Written down from the reference picker, and not taken from the code.</summary>
    [Theory]
    [InlineData("request_duration_seconds", General)]
    [InlineData(
        "request_size_bytes",
        "64 128 256 512 1024 2048 4096 8192 16384 32768 65536 131072 262144 524288 1048576 2097152 4194304 8388608 16777216 33554432 67108864 134217728 268435456 536870912 1073741824")]
    [InlineData("response_size_bytes", Response)]
    [InlineData("request_input_tokens", Input)]
    [InlineData("request_cached_tokens", Input)]
    [InlineData("request_output_tokens", Output)]
    [InlineData("request_ntpot_seconds", "0.001 0.002 0.005 0.01 0.02 0.05 0.1 0.2 0.5 1 2 5 10")]
    [InlineData("request_ttft_seconds", "0.005 0.025 0.05 0.1 0.2 0.4 0.6 0.8 1 1.25 1.5 2 3 4 5 6 8 10 15 20 30 45 60 120")]
    [InlineData("request_streaming_tpot_seconds", "0.0005 0.00205 0.005 0.01 0.02 0.04 0.06 0.08 0.1 0.125 0.15 0.2 0.3 0.4 0.5 0.6 0.8 1 2")]
    [InlineData("request_streaming_itl_seconds", "0.001 0.005 0.01 0.02 0.04 0.06 0.08 0.1 0.15 0.2 0.3 0.5 0.75 1 2")]
    [InlineData("scheduler_e2e_duration_seconds", Scheduling)]
    [InlineData("plugin_duration_seconds", Scheduling)]
    [InlineData("request_processing_duration_seconds", "0.0005 0.001 0.002 0.005 0.01 0.015 0.025 0.04 0.06 0.1 0.25 0.5 1 2.5 5 10")]
    [InlineData("response_processing_duration_seconds", "0.0001 0.00025 0.0005 0.001 0.0025 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5")]
    [InlineData("prefix_indexer_hit_ratio", "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1")]
    [InlineData("prefix_indexer_hit_bytes", "0 16 32 64 128 256 512 1024 2048 4096 8192 16384 32768 65536")]
    [InlineData("extproc_stream_duration_seconds", "0.001 0.005 0.01 0.05 0.1 0.5 1 5 10 30 60 120 300 600")]
    public void Buckets_OfEachHistogram_AreTheReferences(string name, string bounds) =>
        Assert.Equal(bounds, string.Join(' ', Metric(name).Buckets.Select(bound => bound.ToString(CultureInfo.InvariantCulture))));

    [Theory]
    [InlineData("request_total", "counter", "model_name target_model_name fairness_id priority", "inference_objective_request_total", "model_name target_model_name priority")]
    [InlineData("request_error_total", "counter", "model_name target_model_name fairness_id priority error_code", "inference_objective_request_error_total", "model_name target_model_name error_code")]
    [InlineData("request_running", "gauge", "model_name target_model_name fairness_id priority", "inference_objective_running_requests", "model_name")]
    [InlineData("request_duration_seconds", "histogram", "model_name target_model_name fairness_id priority", "inference_objective_request_duration_seconds", "model_name target_model_name")]
    [InlineData("request_size_bytes", "histogram", "model_name target_model_name fairness_id priority", "inference_objective_request_sizes", "model_name target_model_name")]
    [InlineData("response_size_bytes", "histogram", "model_name target_model_name fairness_id priority", "inference_objective_response_sizes", "model_name target_model_name")]
    [InlineData("request_input_tokens", "histogram", "model_name target_model_name fairness_id priority", "inference_objective_input_tokens", "model_name target_model_name")]
    [InlineData("request_cached_tokens", "histogram", "model_name target_model_name fairness_id priority", "inference_objective_prompt_cached_tokens", "model_name target_model_name")]
    [InlineData("request_output_tokens", "histogram", "model_name target_model_name fairness_id priority", "inference_objective_output_tokens", "model_name target_model_name")]
    [InlineData("request_ntpot_seconds", "histogram", "model_name target_model_name fairness_id priority", "inference_objective_normalized_time_per_output_token_seconds", "model_name target_model_name")]
    [InlineData("request_ttft_seconds", "histogram", "model_name target_model_name fairness_id priority streaming", "", "")]
    [InlineData("request_streaming_tpot_seconds", "histogram", "model_name target_model_name fairness_id priority", "", "")]
    [InlineData("request_streaming_itl_seconds", "histogram", "model_name target_model_name fairness_id priority", "", "")]
    [InlineData("average_kv_cache_utilization", "gauge", "name", "inference_pool_average_kv_cache_utilization", "name")]
    [InlineData("average_queue_size", "gauge", "name", "inference_pool_average_queue_size", "name")]
    [InlineData("average_running_requests", "gauge", "name", "inference_pool_average_running_requests", "name")]
    [InlineData("std_dev_kv_cache_utilization", "gauge", "name", "", "")]
    [InlineData("std_dev_queue_size", "gauge", "name", "", "")]
    [InlineData("std_dev_running_requests", "gauge", "name", "", "")]
    [InlineData("ready_endpoints", "gauge", "name", "inference_pool_ready_pods", "name")]
    [InlineData("per_endpoint_queue_size", "gauge", "name model_server_endpoint", "inference_pool_per_pod_queue_size", "name model_server_pod")]
    [InlineData("scheduler_e2e_duration_seconds", "histogram", "", "inference_extension_scheduler_e2e_duration_seconds", "")]
    [InlineData(
        "scheduler_attempts_total",
        "counter",
        "status target_model_name endpoint_name namespace port",
        "inference_extension_scheduler_attempts_total",
        "status target_model_name pod_name namespace port")]
    [InlineData(
        "plugin_duration_seconds", "histogram", "extension_point plugin_type plugin_name", "inference_extension_plugin_duration_seconds", "extension_point plugin_type plugin_name")]
    [InlineData("request_processing_duration_seconds", "histogram", "", "", "")]
    [InlineData("response_processing_duration_seconds", "histogram", "", "", "")]
    [InlineData("info", "gauge", "commit build_ref", "inference_extension_info", "commit build_ref")]
    [InlineData(
        "model_rewrite_decisions_total",
        "counter",
        "model_rewrite_name model_name target_model",
        "inference_extension_model_rewrite_decisions_total",
        "model_rewrite_name model_name target_model")]
    [InlineData(
        "disagg_decision_total",
        "counter",
        "plugin_name plugin_type model_name decision_type",
        "llm_d_inference_scheduler_disagg_decision_total",
        "model_name decision_type")]
    [InlineData(
        "pd_decision_total", "counter", "plugin_name plugin_type model_name decision_type", "llm_d_inference_scheduler_pd_decision_total", "model_name decision_type")]
    [InlineData("datalayer_poll_errors_total", "counter", "source_type", "llm_d_inference_scheduler_datalayer_poll_errors_total", "source_type")]
    [InlineData(
        "datalayer_extract_errors_total", "counter", "source_type extractor_type", "llm_d_inference_scheduler_datalayer_extract_errors_total", "source_type extractor_type")]
    [InlineData("inflight_requests", "gauge", "endpoint_name namespace producer_name fairness_id priority", "", "")]
    [InlineData("inflight_tokens", "gauge", "endpoint_name namespace producer_name fairness_id priority", "", "")]
    [InlineData("prefix_indexer_size", "gauge", "plugin_name plugin_type", "inference_extension_prefix_indexer_size", "")]
    [InlineData("prefix_indexer_hit_ratio", "histogram", "plugin_name plugin_type", "inference_extension_prefix_indexer_hit_ratio", "")]
    [InlineData("prefix_indexer_hit_bytes", "histogram", "plugin_name plugin_type", "inference_extension_prefix_indexer_hit_bytes", "")]
    [InlineData("extproc_streams_inflight", "gauge", "", "", "")]
    [InlineData("extproc_stream_duration_seconds", "histogram", "", "", "")]
    [InlineData("extproc_streams_total", "counter", "code", "", "")]
    public void Names_OfEachMetric_AreTheReferences(string name, string kind, string labels, string older, string olderLabels)
    {
        var metric = Metric(name);

        Assert.Equal(kind, metric.Kind.ToString(), ignoreCase: true);
        Assert.Equal(labels, string.Join(' ', metric.Labels));
        Assert.Equal(older, metric.Older?.Name ?? "");
        Assert.Equal(olderLabels, string.Join(' ', metric.Older?.Labels ?? []));
        Assert.StartsWith("[ALPHA] ", metric.Help, StringComparison.Ordinal);
        Assert.StartsWith($"[ALPHA] [Deprecated: Use {metric.Name}] ", metric.OlderHelp, StringComparison.Ordinal);
    }

    [Fact]
    public void Catalog_HasNoOtherMetrics()
    {
        var own = MetricCatalog.All.Select(metric => metric.Name).Where(name => !name.StartsWith("llm_d_epp_", StringComparison.Ordinal));
        Assert.Equal(["orleans_inference_latency_prediction_error_ratio", "orleans_inference_latency_prediction_samples_total", "orleans_inference_held_bytes"], own);
        Assert.Equal(40, MetricCatalog.All.Count - 3);
    }

    /// <summary>
    /// The metrics and labels in the expressions of the public Grafana dashboards: GAIE's inference_gateway.json (v1.5), llm-d-router's of the same name, with the prefix that its
    /// metrics have now, and llm-d's failure and saturation dashboard. A label that a scrape adds (<c>namespace</c>, <c>pod</c>) is not among them.
    /// </summary>
    [Theory]
    [InlineData("inference_pool_average_kv_cache_utilization", "name")]
    [InlineData("inference_pool_average_queue_size", "name")]
    [InlineData("inference_pool_per_pod_queue_size", "name model_server_pod")]
    [InlineData("inference_objective_request_duration_seconds_bucket", "le")]
    [InlineData("inference_objective_request_total", "model_name target_model_name")]
    [InlineData("inference_objective_request_error_total", "error_code model_name target_model_name")]
    [InlineData("inference_objective_request_sizes_bucket", "le")]
    [InlineData("inference_objective_response_sizes_bucket", "le")]
    [InlineData("inference_objective_input_tokens_bucket", "le")]
    [InlineData("inference_objective_output_tokens_bucket", "le")]
    [InlineData("llm_d_epp_average_kv_cache_utilization", "name")]
    [InlineData("llm_d_epp_average_queue_size", "name")]
    [InlineData("llm_d_epp_per_endpoint_queue_size", "name model_server_endpoint")]
    [InlineData("llm_d_epp_request_duration_seconds_bucket", "le model_name")]
    [InlineData("llm_d_epp_request_total", "model_name target_model_name")]
    [InlineData("llm_d_epp_request_error_total", "error_code model_name target_model_name")]
    [InlineData("llm_d_epp_request_size_bytes_bucket", "le")]
    [InlineData("llm_d_epp_response_size_bytes_bucket", "le")]
    [InlineData("llm_d_epp_request_input_tokens_bucket", "le")]
    [InlineData("llm_d_epp_request_output_tokens_bucket", "le")]
    [InlineData("llm_d_epp_scheduler_e2e_duration_seconds_bucket", "le")]
    [InlineData("llm_d_epp_plugin_duration_seconds_bucket", "le plugin_type")]
    public void Names_InPublicDashboards_AreHere(string series, string labels)
    {
        const string Bucket = "_bucket";
        var isBucket = series.EndsWith(Bucket, StringComparison.Ordinal);
        var family = isBucket ? series[..^Bucket.Length] : series;
        var metric = MetricCatalog.All.Single(metric => metric.Name == family || metric.Older?.Name == family);
        string[] here = [.. metric.Name == family ? metric.Labels : metric.Older!.Labels, .. isBucket ? ["le"] : Array.Empty<string>()];

        Assert.Equal(isBucket, metric.Kind == MetricKind.Histogram);
        Assert.Subset(here.ToHashSet(), labels.Split(' ').ToHashSet());
    }

    private static MetricDefinition Metric(string name) => MetricCatalog.All.Single(metric => metric.Name == "llm_d_epp_" + name);
}
