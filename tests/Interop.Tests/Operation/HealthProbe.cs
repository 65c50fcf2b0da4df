using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Orleans.Inference.TestKit;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Orleans.Inference.Interop.Tests.Operation;

/// <summary>Asks for health as a gateway's health check does.</summary>
internal sealed class HealthProbe(GrpcChannel channel, bool ownsChannel = false) : IDisposable
{
    private readonly Health.HealthClient _client = new(channel);

    public async Task<ServingStatus> CheckAsync(string service = "") =>
        (await _client.CheckAsync(new HealthCheckRequest { Service = service }, deadline: DateTime.UtcNow + Bounds.Wait)).Status;

    public AsyncServerStreamingCall<HealthCheckResponse> Watch(string service = "") =>
        _client.Watch(new HealthCheckRequest { Service = service }, deadline: DateTime.UtcNow + Bounds.Wait);

    public void Dispose()
    {
        if (ownsChannel)
        {
            channel.Dispose();
        }
    }
}
