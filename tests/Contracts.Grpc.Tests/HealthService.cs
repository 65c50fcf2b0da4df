using System.Collections.Concurrent;
using System.Threading.Channels;
using Contracts.Grpc.Protos;
using Grpc.Core;

namespace Contracts.Grpc;

/// <summary>The standard health service, written on the generated code.</summary>
internal sealed class HealthService : Health.HealthBase
{
    private readonly ConcurrentDictionary<string, HealthCheckResponse.Types.ServingStatus> _states = new()
    {
        [""] = HealthCheckResponse.Types.ServingStatus.Serving,
        ["probe"] = HealthCheckResponse.Types.ServingStatus.NotServing,
    };

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        => _states.TryGetValue(request.Service, out var state)
            ? Task.FromResult(new HealthCheckResponse { Status = state })
            : throw new RpcException(new Status(StatusCode.NotFound, $"unknown service {request.Service}"));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var states = Channel.CreateUnbounded<HealthCheckResponse.Types.ServingStatus>();
        states.Writer.TryWrite(_states.GetValueOrDefault(request.Service, HealthCheckResponse.Types.ServingStatus.ServiceUnknown));
        await foreach (var state in states.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = state });
        }
    }
}
