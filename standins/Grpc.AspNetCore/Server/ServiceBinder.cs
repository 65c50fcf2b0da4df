using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Finds the methods of <typeparamref name="TService"/> through its generated base class.</summary>
internal sealed class ServiceBinder<TService>(GrpcServiceOptions options, ILogger logger) : ServiceBinderBase
    where TService : class
{
    private readonly List<BoundMethod> _methods = [];

    public IReadOnlyList<BoundMethod> Methods => _methods;

    /// <exception cref="InvalidOperationException">No base class of the service is generated code.</exception>
    public void Bind()
    {
        for (var type = typeof(TService); type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } attribute)
            {
                var bind = attribute.BindType.GetMethod(
                    attribute.BindMethodName, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static, [typeof(ServiceBinderBase), type]);
                if (bind is not null)
                {
                    bind.Invoke(null, [this, null]);
                    return;
                }
            }
        }

        throw new InvalidOperationException($"Error binding gRPC service '{typeof(TService).Name}': no generated base class was found.");
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var (info, invoke) = Find<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method.Name, typeof(TRequest), typeof(ServerCallContext));
        Add(method, info, streams: false, async (service, call) =>
        {
            var request = await call.ReadRequestAsync(method).ConfigureAwait(false);
            var response = await invoke(service, request, call).ConfigureAwait(false);
            await call.WriteResponseAsync(method, response).ConfigureAwait(false);
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (info, invoke) = Find<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        Add(method, info, streams: true, async (service, call) =>
        {
            var requests = new ServerStreamReader<TRequest>(call, method.RequestMarshaller);
            try
            {
                var response = await invoke(service, requests, call).ConfigureAwait(false);
                await call.WriteResponseAsync(method, response).ConfigureAwait(false);
            }
            finally
            {
                requests.End();
            }
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (info, invoke) = Find<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method.Name, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        Add(method, info, streams: false, async (service, call) =>
        {
            var responses = new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller);
            try
            {
                var request = await call.ReadRequestAsync(method).ConfigureAwait(false);
                await invoke(service, request, responses, call).ConfigureAwait(false);
            }
            finally
            {
                responses.End();
            }
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var (info, invoke) = Find<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        Add(method, info, streams: true, async (service, call) =>
        {
            var requests = new ServerStreamReader<TRequest>(call, method.RequestMarshaller);
            var responses = new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller);
            try
            {
                await invoke(service, requests, responses, call).ConfigureAwait(false);
            }
            finally
            {
                requests.End();
                responses.End();
            }
        });
    }

    private static (MethodInfo Method, TInvoker Invoker) Find<TInvoker>(string name, params Type[] parameters)
        where TInvoker : Delegate
    {
        var method = typeof(TService).GetMethod(name, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, parameters)
            ?? throw new InvalidOperationException($"Could not find '{name}' on {typeof(TService)}.");
        return (method, method.CreateDelegate<TInvoker>());
    }

    private void Add(IMethod method, MethodInfo info, bool streams, Func<TService, HttpServerCall, Task> invoke)
    {
        var handler = new ServerCallHandler<TService>(method, options, logger, streams, invoke);
        _methods.Add(new(method, handler.HandleAsync,
        [
            .. typeof(TService).GetCustomAttributes(inherit: true),
            .. info.GetCustomAttributes(inherit: true),
            new HttpMethodMetadata(["POST"], acceptCorsPreflight: true),
            new GrpcMethodMetadata(typeof(TService), method),
        ]));
    }
}
