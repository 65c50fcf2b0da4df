namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>Registers tracing.</summary>
internal static class TracingServiceCollectionExtensions
{
    /// <summary>Adds <see cref="RequestTracing"/>, and the export of its spans with the host.</summary>
    /// <param name="on"><c>--tracing</c>; false traces nothing.</param>
    /// <param name="variables">The OTEL_ variables.</param>
    public static IServiceCollection AddRequestTracing(this IServiceCollection services, bool on, IConfiguration variables)
    {
        if (!on)
        {
            return services.AddSingleton(RequestTracing.Off);
        }

        var settings = TracingSettings.From(variables);
        services.AddSingleton(_ => new RequestTracing(settings));
        return services.AddHostedService(provider => new TracingService(
            settings, variables, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TracingService>>()));
    }
}
