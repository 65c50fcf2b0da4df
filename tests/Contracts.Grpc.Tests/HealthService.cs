using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Contracts.Grpc;

/// <summary>The standard health service, written on the generated code.</summary>
internal sealed class HealthService : Health.HealthBase
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServingStatus> _states = new() { [""] = ServingStatus.Serving, ["probe"] = ServingStatus.NotServing };
    private readonly List<(string Service, ChannelWriter<ServingStatus> Changes)> _watchers = [];

    public void Set(string service, ServingStatus status)
    {
        lock (_lock)
        {
            _states[service] = status;
            foreach (var (_, changes) in _watchers.Where(watcher => watcher.Service == service))
            {
                changes.TryWrite(status);
            }
        }
    }

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        lock (_lock)
        {
            return _states.TryGetValue(request.Service, out var status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, $"unknown service {request.Service}"));
        }
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var changes = Channel.CreateUnbounded<ServingStatus>();
        lock (_lock)
        {
            changes.Writer.TryWrite(_states.GetValueOrDefault(request.Service, ServingStatus.ServiceUnknown));
            _watchers.Add((request.Service, changes.Writer));
        }

        await foreach (var status in changes.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
        }
    }
}
