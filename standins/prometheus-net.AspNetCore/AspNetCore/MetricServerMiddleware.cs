using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Prometheus;

/// <summary>Answers every request with a page of metrics, in the format that the client prefers.</summary>
public sealed class MetricServerMiddleware
{
    private readonly CollectorRegistry _registry;
    private readonly bool _enableOpenMetrics;

    public MetricServerMiddleware(RequestDelegate next, Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _ = next;
        _registry = settings.Registry ?? Metrics.DefaultRegistry;
        _enableOpenMetrics = settings.EnableOpenMetrics;
    }

    public async Task Invoke(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var response = context.Response;
        try
        {
            var openMetrics = PrefersOpenMetrics(context.Request);
            var page = await _registry.CollectAsync(
                openMetrics ? ExpositionFormat.OpenMetricsText : ExpositionFormat.PrometheusText, context.RequestAborted).ConfigureAwait(false);
            response.ContentType = openMetrics
                ? PrometheusConstants.OpenMetricsContentTypeWithVersionAndEncoding
                : PrometheusConstants.TextContentTypeWithVersionAndEncoding;
            await response.Body.WriteAsync(page, context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left.
        }
    }

    /// <summary>By quality, then by order; the query's <c>accept</c> comes before the header.</summary>
    private bool PrefersOpenMetrics(HttpRequest request)
    {
        var accept = request.Query.TryGetValue("accept", out var query) ? query.ToString() : request.Headers.Accept.ToString();
        var known = accept.Split(',')
            .Select(item => MediaTypeWithQualityHeaderValue.TryParse(item, out var parsed) ? parsed : null)
            .Where(item => item?.MediaType == PrometheusConstants.TextContentType
                || (_enableOpenMetrics && item?.MediaType == PrometheusConstants.OpenMetricsContentType))
            .OrderByDescending(item => item!.Quality ?? 1);
        return known.FirstOrDefault()?.MediaType == PrometheusConstants.OpenMetricsContentType;
    }

    /// <summary>What is served.</summary>
    public sealed class Settings
    {
        /// <summary>null = the default registry.</summary>
        public CollectorRegistry? Registry { get; set; }

        public bool EnableOpenMetrics { get; set; } = true;
    }
}
