using Prometheus;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>The metrics that the reference picker has, and those of predicted latencies: their names, labels and buckets. docs/metrics.md lists them, and a test compares the two.</summary>
internal static class MetricCatalog
{
    private const string Prefix = "llm_d_epp_";
    private const string Objective = "inference_objective_";
    private const string Pool = "inference_pool_";
    private const string Scheduler = "llm_d_inference_scheduler_";
    private const string Own = "orleans_inference_";
    private const string Extension = "inference_extension_";

    private static readonly string[] ModelLabels = ["model_name", "target_model_name"];
    private static readonly string[] PoolLabels = ["name"];
    private static readonly string[] PluginLabels = ["extension_point", "plugin_type", "plugin_name"];
    private static readonly string[] DecisionLabels = ["plugin_name", "plugin_type"];
    private static readonly string[] InFlightLabels = ["endpoint_name", "namespace", "producer_name", "fairness_id", "priority"];
    private static readonly string[] ModelDecision = ["model_name", "decision_type"];

    /// <summary>The labels of requests.</summary>
    public static readonly string[] RequestLabels = [.. ModelLabels, "fairness_id", "priority"];

    public static readonly MetricDefinition RequestTotal = new(Prefix + "request_total", MetricKind.Counter, RequestLabels, "Requests for which a model server was found.")
    {
        Older = new(Objective + "request_total", [.. ModelLabels, "priority"]),
    };

    public static readonly MetricDefinition RequestErrors = new(
        Prefix + "request_error_total", MetricKind.Counter, [.. RequestLabels, "error_code"], "Requests that failed, here or at their model server.")
    {
        Older = new(Objective + "request_error_total", [.. ModelLabels, "error_code"]),
    };

    public static readonly MetricDefinition RequestsRunning = new(Prefix + "request_running", MetricKind.Gauge, RequestLabels, "Requests that are at their model server.")
    {
        Older = new(Objective + "running_requests", ["model_name"]),
    };

    public static readonly MetricDefinition RequestDuration = OfRequest(
        "request_duration_seconds", "request_duration_seconds", MetricBuckets.General, "From a request's headers to the end of its response, in seconds.");

    public static readonly MetricDefinition RequestSize = OfRequest("request_size_bytes", "request_sizes", MetricBuckets.RequestBytes, "Bytes of a request's body.");

    public static readonly MetricDefinition ResponseSize = OfRequest("response_size_bytes", "response_sizes", MetricBuckets.ResponseBytes, "Bytes of a response's body.");

    public static readonly MetricDefinition InputTokens = OfRequest(
        "request_input_tokens", "input_tokens", MetricBuckets.InputTokens, "Tokens of a request's prompt, as the model server counts them.");

    public static readonly MetricDefinition CachedTokens = OfRequest(
        "request_cached_tokens", "prompt_cached_tokens", MetricBuckets.InputTokens, "Prompt tokens that the model server had in its cache.");

    public static readonly MetricDefinition OutputTokens = OfRequest(
        "request_output_tokens", "output_tokens", MetricBuckets.OutputTokens, "Tokens of an answer, as the model server counts them.");

    public static readonly MetricDefinition PerOutputToken = OfRequest(
        "request_ntpot_seconds", "normalized_time_per_output_token_seconds", MetricBuckets.PerOutputToken, "A request's duration divided by its output tokens, in seconds.");

    public static readonly MetricDefinition FirstToken = Histogram(
        "request_ttft_seconds", [.. RequestLabels, "streaming"], MetricBuckets.FirstToken, "From a request's headers to the first byte of the answer, in seconds.");

    public static readonly MetricDefinition StreamedPerToken = Histogram(
        "request_streaming_tpot_seconds", RequestLabels, MetricBuckets.StreamedPerToken, "Time for each token of a streamed answer after the first, in seconds.");

    public static readonly MetricDefinition InterToken = Histogram(
        "request_streaming_itl_seconds", RequestLabels, MetricBuckets.InterToken, "Gap between two pieces of a streamed answer, in seconds.");

    public static readonly MetricDefinition AverageKvCache = OfPool(
        "average_kv_cache_utilization", "average_kv_cache_utilization", "KV-cache usage of the pool's model servers with fresh figures, 0 to 1, on average.");

    public static readonly MetricDefinition AverageQueue = OfPool(
        "average_queue_size", "average_queue_size", "Requests queued at the pool's model servers with fresh figures, on average.");

    public static readonly MetricDefinition AverageRunning = OfPool(
        "average_running_requests", "average_running_requests", "Requests running at the pool's model servers with fresh figures, on average.");

    public static readonly MetricDefinition DeviationKvCache = OfPool(
        "std_dev_kv_cache_utilization", null, "Standard deviation of the KV-cache usage of the pool's model servers with fresh figures.");

    public static readonly MetricDefinition DeviationQueue = OfPool(
        "std_dev_queue_size", null, "Standard deviation of the queues of the pool's model servers with fresh figures.");

    public static readonly MetricDefinition DeviationRunning = OfPool(
        "std_dev_running_requests", null, "Standard deviation of the requests running at the pool's model servers with fresh figures.");

    public static readonly MetricDefinition ReadyEndpoints = OfPool("ready_endpoints", "ready_pods", "Model servers of the pool with fresh figures.");

    public static readonly MetricDefinition EndpointQueue = new(
        Prefix + "per_endpoint_queue_size", MetricKind.Gauge, ["name", "model_server_endpoint"], "Requests queued at each model server of the pool.")
    {
        Older = new(Pool + "per_pod_queue_size", ["name", "model_server_pod"]),
    };

    public static readonly MetricDefinition SchedulerDuration = OfExtension(
        "scheduler_e2e_duration_seconds", [], MetricBuckets.Scheduling, "Time that finding a model server took, in seconds.");

    public static readonly MetricDefinition SchedulerAttempts = new(
        Prefix + "scheduler_attempts_total", MetricKind.Counter, ["status", "target_model_name", "endpoint_name", "namespace", "port"], "Attempts to find a model server.")
    {
        Older = new(Extension + "scheduler_attempts_total", ["status", "target_model_name", "pod_name", "namespace", "port"]),
    };

    public static readonly MetricDefinition PluginDuration = OfExtension(
        "plugin_duration_seconds", PluginLabels, MetricBuckets.Scheduling, "Time that one plugin took for one request, in seconds; measured for one request in 64.");

    public static readonly MetricDefinition RequestProcessing = Histogram(
        "request_processing_duration_seconds", [], MetricBuckets.RequestProcessing, "From a request's headers to the answer with its destination, in seconds.");

    public static readonly MetricDefinition ResponseProcessing = Histogram(
        "response_processing_duration_seconds", [], MetricBuckets.ResponseProcessing, "Time that the picker itself took for a response, in seconds.");

    public static readonly MetricDefinition Info = new(Prefix + "info", MetricKind.Gauge, ["commit", "build_ref"], "What was built; always 1.")
    {
        Older = new(Extension + "info", ["commit", "build_ref"]),
    };

    public static readonly MetricDefinition RewriteDecisions = new(
        Prefix + "model_rewrite_decisions_total",
        MetricKind.Counter,
        ["model_rewrite_name", "model_name", "target_model"],
        "Requests whose model an InferenceModelRewrite decided.")
    {
        Older = new(Extension + "model_rewrite_decisions_total", ["model_rewrite_name", "model_name", "target_model"]),
    };

    public static readonly MetricDefinition DisaggregationDecisions = new(
        Prefix + "disagg_decision_total", MetricKind.Counter, [.. DecisionLabels, .. ModelDecision], "Requests of a disagg-profile-handler, by the stages that were split off.")
    {
        Older = new(Scheduler + "disagg_decision_total", ModelDecision),
    };

    public static readonly MetricDefinition PrefillDecisions = new(
        Prefix + "pd_decision_total", MetricKind.Counter, [.. DecisionLabels, .. ModelDecision], "Requests of a pd-profile-handler, by the stages that were split off.")
    {
        Older = new(Scheduler + "pd_decision_total", ModelDecision),
    };

    public static readonly MetricDefinition PollErrors = new(
        Prefix + "datalayer_poll_errors_total", MetricKind.Counter, ["source_type"], "Scrapes of model servers that got no page.")
    {
        Older = new("llm_d_inference_scheduler_datalayer_poll_errors_total", ["source_type"]),
    };

    public static readonly MetricDefinition ExtractErrors = new(
        Prefix + "datalayer_extract_errors_total", MetricKind.Counter, ["source_type", "extractor_type"], "Scrapes of model servers whose page had no usable figures.")
    {
        Older = new("llm_d_inference_scheduler_datalayer_extract_errors_total", ["source_type", "extractor_type"]),
    };

    public static readonly MetricDefinition InFlightRequests = new(Prefix + "inflight_requests", MetricKind.Gauge, InFlightLabels, "Requests that this picker has in flight on each model server.");

    public static readonly MetricDefinition InFlightTokens = new(
        Prefix + "inflight_tokens", MetricKind.Gauge, InFlightLabels, "Tokens of those requests that their model server still has to process, as far as the picker knows.");

    public static readonly MetricDefinition PrefixIndexSize = new(
        Prefix + "prefix_indexer_size", MetricKind.Gauge, DecisionLabels, "Blocks of prompts in the prefix index, counted once for each model server that holds them.")
    {
        Older = new(Extension + "prefix_indexer_size", []),
    };

    public static readonly MetricDefinition PrefixHitRatio = OfPrefixIndex(
        "prefix_indexer_hit_ratio", MetricBuckets.HitRatio, "Part of a prompt that the model server of its request was known to hold.");

    public static readonly MetricDefinition PrefixHitBytes = OfPrefixIndex(
        "prefix_indexer_hit_bytes", MetricBuckets.HitBytes, "Bytes of a prompt that the model server of its request was known to hold, at 4 a token.");

    public static readonly MetricDefinition StreamsInFlight = new(Prefix + "extproc_streams_inflight", MetricKind.Gauge, [], "ext_proc streams that are open.");

    public static readonly MetricDefinition StreamDuration = Histogram(
        "extproc_stream_duration_seconds", [], MetricBuckets.Streams, "How long an ext_proc stream was open, in seconds.");

    public static readonly MetricDefinition StreamsTotal = new(
        Prefix + "extproc_streams_total", MetricKind.Counter, ["code"], "ext_proc streams that ended, by gRPC status.");

    public static readonly MetricDefinition PredictionError = new(
        Own + "latency_prediction_error_ratio", MetricKind.Gauge, ["name", "latency"], "Mean relative error of predicted latencies over the last answers: 0.1 is 10 % off.");

    public static readonly MetricDefinition PredictionSamples = new(
        Own + "latency_prediction_samples_total", MetricKind.Counter, ["name", "outcome"], "Answers that the predictor of latencies learned from, or did not.");

    public static readonly MetricDefinition HeldBytes = new(
        Own + "held_bytes", MetricKind.Gauge, [], "Memory held for requests and responses that are not whole yet, and for answers that wait for their gateway, in bytes.");

    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        RequestTotal, RequestErrors, RequestsRunning, RequestSize, RequestDuration, ResponseSize, InputTokens, CachedTokens, OutputTokens, PerOutputToken, FirstToken,
        StreamedPerToken, InterToken, AverageKvCache, AverageQueue, AverageRunning, DeviationKvCache, DeviationQueue, DeviationRunning, ReadyEndpoints, EndpointQueue,
        SchedulerDuration, SchedulerAttempts, PluginDuration, RequestProcessing, ResponseProcessing, Info, RewriteDecisions, DisaggregationDecisions, PrefillDecisions, PollErrors, ExtractErrors,
        InFlightRequests, InFlightTokens, PrefixIndexSize, PrefixHitRatio, PrefixHitBytes, StreamsInFlight, StreamDuration, StreamsTotal, PredictionError, PredictionSamples, HeldBytes,
    ];

    /// <summary>A maker of metrics without exemplars: asking every observation for its trace costs more than the observation.</summary>
    public static IMetricFactory FactoryOf(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        return factory;
    }

    private static MetricDefinition Histogram(string name, string[] labels, double[] buckets, string meaning) =>
        new(Prefix + name, MetricKind.Histogram, labels, meaning) { Buckets = buckets };

    private static MetricDefinition OfRequest(string name, string olderName, double[] buckets, string meaning) =>
        Histogram(name, RequestLabels, buckets, meaning) with { Older = new(Objective + olderName, ModelLabels) };

    private static MetricDefinition OfExtension(string name, string[] labels, double[] buckets, string meaning) =>
        Histogram(name, labels, buckets, meaning) with { Older = new(Extension + name, labels) };

    private static MetricDefinition OfPrefixIndex(string name, double[] buckets, string meaning) =>
        Histogram(name, DecisionLabels, buckets, meaning) with { Older = new(Extension + name, []) };

    private static MetricDefinition OfPool(string name, string? olderName, string meaning) =>
        new(Prefix + name, MetricKind.Gauge, PoolLabels, meaning) { Older = olderName is null ? null : new(Pool + olderName, PoolLabels) };
}
