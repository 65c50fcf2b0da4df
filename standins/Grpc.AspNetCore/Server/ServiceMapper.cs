using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server;

/// <summary>Maps the methods of <typeparamref name="TService"/>.</summary>
internal sealed class ServiceMapper<TService>(
    MappedServices mapped,
    IOptions<GrpcServiceOptions> optionsOfAll,
    IOptions<GrpcServiceOptions<TService>> optionsOfOne,
    IEnumerable<IConfigureOptions<GrpcServiceOptions<TService>>> configuredForOne,
    ILoggerFactory loggerFactory)
    where TService : class
{
    private readonly GrpcServiceOptions _options = configuredForOne.Any() ? optionsOfOne.Value : optionsOfAll.Value;

    public List<IEndpointConventionBuilder> Map(IEndpointRouteBuilder routes)
    {
        var binder = new ServiceBinder<TService>(_options, loggerFactory.CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler"));
        binder.Bind();
        var endpoints = new List<IEndpointConventionBuilder>();
        foreach (var method in binder.Methods)
        {
            endpoints.Add(routes.Map(method.Method.FullName, method.Handler).WithDisplayName($"gRPC - {method.Method.FullName}").WithMetadata([.. method.Metadata]));
        }

        if (mapped.IsFirst && _options.IgnoreUnknownServices != true)
        {
            endpoints.Add(MapUnimplemented(routes, "/{unimplementedService}", "Service is unimplemented."));
        }

        foreach (var serviceName in binder.Methods.Select(method => method.Method.ServiceName).Distinct().Where(mapped.Add))
        {
            endpoints.Add(MapUnimplemented(routes, $"/{serviceName}", "Method is unimplemented."));
        }

        return endpoints;
    }

    private static IEndpointConventionBuilder MapUnimplemented(IEndpointRouteBuilder routes, string service, string detail)
        => routes.Map($"{service}/{{unimplementedMethod:{GrpcRequestConstraint.Name}}}", context =>
        {
            if (!GrpcResponse.Refuse(context))
            {
                GrpcResponse.Start(context.Response);
                GrpcResponse.SetStatus(context.Response, new Status(StatusCode.Unimplemented, detail));
            }

            return Task.CompletedTask;
        }).WithDisplayName($"gRPC - {detail}");
}
