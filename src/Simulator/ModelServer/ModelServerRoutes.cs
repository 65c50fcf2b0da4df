using Orleans.Inference.Simulator.ModelServer.Api;
using Orleans.Inference.Simulator.ModelServer.Metrics;

namespace Orleans.Inference.Simulator.ModelServer;

/// <summary>The paths of a model server.</summary>
internal static class ModelServerRoutes
{
    private static readonly CompletionFormat Completion = new();
    private static readonly ChatFormat Chat = new();

    public static Task RouteAsync(HttpContext context, SimulatedServer server)
    {
        var (method, handler) = Find(context.Request.Path.Value);
        if (handler is null)
        {
            return ApiError.UnknownPath.WriteAsync(context);
        }

        return HttpMethods.Equals(context.Request.Method, method) ? handler(context, server) : ApiError.WrongMethod.WriteAsync(context);
    }

    private static (string Method, Func<HttpContext, SimulatedServer, Task>? Handler) Find(string? path)
    {
        return path switch
        {
            "/v1/completions" => ("POST", static (context, server) => GenerationHandler.HandleAsync(context, server, Completion)),
            "/v1/chat/completions" => ("POST", static (context, server) => GenerationHandler.HandleAsync(context, server, Chat)),
            "/v1/models" => ("GET", ModelsHandler.ListAsync),
            "/v1/load_lora_adapter" => ("POST", ModelsHandler.LoadAsync),
            "/v1/unload_lora_adapter" => ("POST", ModelsHandler.UnloadAsync),
            "/metrics" => ("GET", static (context, server) => MetricsHandler.HandleAsync(context, server, withSlash: false)),
            "/metrics/" => ("GET", static (context, server) => MetricsHandler.HandleAsync(context, server, withSlash: true)),
            "/health" or "/ping" => ("GET", HealthAsync),
            "/version" => ("GET", static (context, _) => context.Response.WriteAsJsonAsync(new VersionBody("0.11.0"), ApiJson.Default.VersionBody)),
            "/simulator/behaviour" => ("POST", BehaveAsync),
            _ => ("", null),
        };
    }

    private static Task HealthAsync(HttpContext context, SimulatedServer server)
    {
        context.Response.StatusCode = server.Behaviour.Healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    private static Task BehaveAsync(HttpContext context, SimulatedServer server)
    {
        var behaviour = server.Behaviour;
        foreach (var (key, value) in context.Request.Query)
        {
            switch (key)
            {
                case "health" when value is ["ok" or "error"]:
                    behaviour = behaviour with { Healthy = value == "ok" };
                    break;
                case "metrics" when Enum.TryParse<MetricsBehaviour>(value, ignoreCase: true, out var metrics) && Enum.IsDefined(metrics):
                    behaviour = behaviour with { Metrics = metrics };
                    break;
                default:
                    return ApiError.BadRequest(
                        $"'{key}={value}' is not known: health=ok|error, metrics={string.Join('|', Enum.GetNames<MetricsBehaviour>()).ToLowerInvariant()}")
                        .WriteAsync(context);
            }
        }

        server.Behaviour = behaviour;
        return Task.CompletedTask;
    }
}
