using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Prometheus;

/// <summary>Serves pages of metrics.</summary>
public static class MetricServerMiddlewareExtensions
{
    public static IEndpointConventionBuilder MapMetrics(
        this IEndpointRouteBuilder endpoints, Action<MetricServerMiddleware.Settings> configure, string pattern = "/metrics")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var pipeline = Use(endpoints.CreateApplicationBuilder(), configure).Build();
        return endpoints.Map(pattern, pipeline).WithDisplayName("Prometheus metrics");
    }

    public static IEndpointConventionBuilder MapMetrics(
        this IEndpointRouteBuilder endpoints, string pattern = "/metrics", CollectorRegistry? registry = null)
        => MapMetrics(endpoints, settings => settings.Registry = registry, pattern);

    /// <param name="port">Only requests that came in on this port are answered.</param>
    public static IApplicationBuilder UseMetricServer(
        this IApplicationBuilder builder, int port, Action<MetricServerMiddleware.Settings> configure, string? url = "/metrics")
        => builder.Map(url ?? "/", branch => branch.MapWhen(context => context.Connection.LocalPort == port, inner => Use(inner, configure)));

    public static IApplicationBuilder UseMetricServer(
        this IApplicationBuilder builder, Action<MetricServerMiddleware.Settings> configure, string? url = "/metrics")
        => url is null ? Use(builder, configure) : builder.Map(url, branch => Use(branch, configure));

    /// <param name="port">Only requests that came in on this port are answered.</param>
    public static IApplicationBuilder UseMetricServer(
        this IApplicationBuilder builder, int port, string? url = "/metrics", CollectorRegistry? registry = null)
        => UseMetricServer(builder, port, settings => settings.Registry = registry, url);

    public static IApplicationBuilder UseMetricServer(
        this IApplicationBuilder builder, string? url = "/metrics", CollectorRegistry? registry = null)
        => UseMetricServer(builder, settings => settings.Registry = registry, url);

    private static IApplicationBuilder Use(IApplicationBuilder builder, Action<MetricServerMiddleware.Settings> configure)
    {
        var settings = new MetricServerMiddleware.Settings();
        configure(settings);
        return builder.UseMiddleware<MetricServerMiddleware>(settings);
    }
}
