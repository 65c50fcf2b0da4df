namespace Orleans.Inference.Simulator.ModelServer.Metrics;

/// <summary>Answers <c>/metrics</c> and <c>/metrics/</c>.</summary>
internal static class MetricsHandler
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static async Task HandleAsync(HttpContext context, SimulatedServer server, bool withSlash)
    {
        if (await MisbehaveAsync(context, server.Behaviour.Metrics))
        {
            return;
        }

        IReadOnlySet<string>? names = null;
        if (withSlash && server.Options.MetricsFilter == MetricsFilter.NotFound)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // The path without the slash is another handler, which knows no query.
        var asked = context.Request.Query["name[]"];
        if (withSlash && asked.Count > 0 && server.Options.MetricsFilter != MetricsFilter.Ignored)
        {
            names = server.Options.MetricsFilter == MetricsFilter.Empty
                ? new HashSet<string>()
                : asked.OfType<string>().ToHashSet(StringComparer.Ordinal);
        }

        context.Response.ContentType = ContentType;
        server.Driver.Read(
            (Output: context.Response.BodyWriter, Names: names, Server: server),
            static (engine, state) => MetricsPage.Write(new MetricsText(state.Output, state.Names), state.Server, engine));
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <returns>Whether the answer has been given.</returns>
    private static async Task<bool> MisbehaveAsync(HttpContext context, MetricsBehaviour behaviour)
    {
        switch (behaviour)
        {
            case MetricsBehaviour.Error:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return true;
            case MetricsBehaviour.Html:
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("<!doctype html><html><body>Sign in</body></html>\n", context.RequestAborted);
                return true;
            case MetricsBehaviour.Empty:
                context.Response.ContentType = ContentType;
                return true;
            case MetricsBehaviour.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return true;
            default:
                return false;
        }
    }
}
