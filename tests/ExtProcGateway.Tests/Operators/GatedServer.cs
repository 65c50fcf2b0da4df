using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Operators;
using Orleans.Inference.ExtProcGateway.Operators.Access;

namespace Orleans.Inference.ExtProcGateway.Tests.Operators;

/// <summary>A page behind a gate, on a free port.</summary>
internal sealed class GatedServer(MetricsGate gate) : WebServer("a page", 0, NullLoggerFactory.Instance)
{
    public const string Page = "the page";

    protected override void Listen(ListenOptions listener) => gate.Apply(listener);

    protected override void Map(WebApplication app)
    {
        gate.Apply(app);
        app.MapGet("/metrics", (RequestDelegate)(context => context.Response.WriteAsync(Page)));
    }
}
