using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer.Metrics;

/// <summary>Families that come from Python and from the HTTP server in front of vLLM: nobody reads them, but they make the page as long as it is.</summary>
internal static class PythonPage
{
    private static readonly double[] HighResolutionBounds =
        [0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60];

    private static readonly double[] LowResolutionBounds = [0.1, 0.5, 1];

    private static readonly string[] Handlers = ["/v1/completions", "/v1/chat/completions", "/v1/models", "/health", "/metrics", "/version", "/tokenize"];

    public static void Write(MetricsText text, double created)
    {
        foreach (var (name, help) in (ReadOnlySpan<(string, string)>)[
            ("python_gc_objects_collected", "Objects collected during gc"),
            ("python_gc_objects_uncollectable", "Uncollectable objects found during GC"),
            ("python_gc_collections", "Number of times this generation was collected")])
        {
            text.Family(name + "_total", help, "counter");
            for (var generation = 0; generation < 3; generation++)
            {
                text.Sample($"generation=\"{generation}\"", name.Length * (3 - generation));
            }
        }

        text.Gauge(
            "python_info", "Python platform information",
            "implementation=\"CPython\",major=\"3\",minor=\"12\",patchlevel=\"11\",version=\"3.12.11\"", 1);
        text.Gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", "", 24_696_061_952);
        text.Gauge("process_resident_memory_bytes", "Resident memory size in bytes.", "", 3_166_113_792);
        text.Gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.", "", created);
        text.Gauge("process_open_fds", "Number of open file descriptors.", "", 57);
        text.Gauge("process_max_fds", "Maximum number of open file descriptors.", "", 65_535);
    }

    public static void WriteHttp(MetricsText text, double created, EngineStatistics statistics)
    {
        var handled = statistics.Stopped + statistics.ReachedLength;
        text.Counter(
            "http_requests", "Total number of requests by method, status and handler.", created,
            ("handler=\"/v1/completions\",method=\"POST\",status=\"2xx\"", handled),
            ("handler=\"/health\",method=\"GET\",status=\"2xx\"", 0),
            ("handler=\"/v1/models\",method=\"GET\",status=\"2xx\"", 0));
        text.Histogram(
            "http_request_duration_highr_seconds", "Latency with many buckets but no API specific labels. Made for more accurate percentile calculations.",
            created, "", Durations(statistics, HighResolutionBounds));
        foreach (var handler in Handlers)
        {
            var histogram = handler == Handlers[0] ? Durations(statistics, LowResolutionBounds) : new Histogram(LowResolutionBounds);
            text.Histogram(
                "http_request_duration_seconds", "Latency with only few buckets by handler. Made to be only used if aggregation by handler is important.",
                created, $"handler=\"{handler}\",method=\"{(handler.StartsWith("/v1/c", StringComparison.Ordinal) ? "POST" : "GET")}\"", histogram);
        }
    }

    // The engine's own histogram has other bounds; the mean of each of its buckets is near enough for a family that nobody reads.
    private static Histogram Durations(EngineStatistics statistics, double[] bounds)
    {
        var source = statistics.EndToEnd;
        var histogram = new Histogram(bounds);
        if (source.Count > 0)
        {
            histogram.Observe(source.Sum / source.Count);
        }

        return histogram;
    }
}
