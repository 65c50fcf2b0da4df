using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Handles the requests of one method.</summary>
internal sealed class ServerCallHandler<TService>(
    IMethod method, GrpcServiceOptions options, ILogger logger, bool streamsRequests, Func<TService, HttpServerCall, Task> invoke)
    where TService : class
{
    private static readonly ObjectFactory<TService> CreateService = ActivatorUtilities.CreateFactory<TService>([]);

    public async Task HandleAsync(HttpContext httpContext)
    {
        if (GrpcResponse.Refuse(httpContext))
        {
            return;
        }

        if (streamsRequests)
        {
            LiftBodyLimits(httpContext);
        }

        GrpcResponse.Start(httpContext.Response);
        var call = new HttpServerCall(httpContext, options, logger);
        httpContext.Features.Set<IServerCallContextFeature>(call);
        await using (call.ConfigureAwait(false))
        {
            try
            {
                call.Start();
                await InvokeAsync(httpContext, call).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                call.SetFailure(exception, method.Name);
            }

            await call.EndAsync().ConfigureAwait(false);
        }
    }

    private async Task InvokeAsync(HttpContext httpContext, HttpServerCall call)
    {
        if (httpContext.RequestServices.GetService<TService>() is { } registered)
        {
            await invoke(registered, call).ConfigureAwait(false);
            return;
        }

        var service = CreateService(httpContext.RequestServices, []);
        try
        {
            await invoke(service, call).ConfigureAwait(false);
        }
        finally
        {
            if (service is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                (service as IDisposable)?.Dispose();
            }
        }
    }

    /// <summary>A stream may last for days, be silent for hours and carry any amount.</summary>
    private static void LiftBodyLimits(HttpContext httpContext)
    {
        if (httpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (httpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }
}
