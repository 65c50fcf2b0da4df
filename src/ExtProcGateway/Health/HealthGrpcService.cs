using System.Threading.Channels;
using Grpc.Core;
using Orleans.Inference.ExtProcGateway.Health.Messages;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>gRPC health on the port of its own: <c>Check</c>, <c>List</c>, <c>Watch</c>.</summary>
internal sealed class HealthGrpcService(IHealthSource health) : Messages.Health.HealthBase
{
    /// <summary>A service that is unknown is told by the state too, as the reference does, not by an error.</summary>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => Task.FromResult(Answer(request.Service));

    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var response = new HealthListResponse();
        foreach (var service in health.Services)
        {
            response.Statuses.Add(service, Answer(service));
        }

        return Task.FromResult(response);
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        // One place is enough: what counts is the state when it is read.
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void OnChanged() => changes.Writer.TryWrite(true);
        health.Changed += OnChanged;
        try
        {
            HealthCheckResponse? sent = null;
            do
            {
                var response = Answer(request.Service);
                if (!response.Equals(sent))
                {
                    sent = response;
                    await responseStream.WriteAsync(response);
                }
            }
            while (!health.IsOver && await changes.Reader.ReadAsync(context.CancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The client has left, or the server is gone.
            return;
        }
        finally
        {
            health.Changed -= OnChanged;
        }

        context.Status = new Status(StatusCode.Unavailable, "server is stopping");
    }

    private HealthCheckResponse Answer(string service) => new() { Status = (HealthCheckResponse.Types.ServingStatus)health.Check(service) };
}
