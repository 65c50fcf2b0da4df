using System.Buffers;
using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>One call of <c>grpc.health.v1.Health/Check</c>.</summary>
internal sealed class HealthCheckHandler(GrpcServerCall call, IHealthSource health) : IGrpcCallHandler
{
    private string? _service;

    public void OnMessage(in ReadOnlySequence<byte> message)
    {
        if (_service is not null || !HealthCodec.TryReadService(message, out _service))
        {
            call.Complete(GrpcStatusCode.Internal, "not one well-formed HealthCheckRequest");
        }
    }

    public void OnRequestsEnded()
    {
        if (_service is null)
        {
            call.Complete(GrpcStatusCode.Internal, "a HealthCheckRequest is missing");
            return;
        }

        var status = health.Check(_service);
        if (status == HealthStatus.ServiceUnknown)
        {
            call.Complete(GrpcStatusCode.NotFound, "unknown service");
            return;
        }

        HealthCodec.Send(call, status);
        call.Complete(GrpcStatusCode.Ok);
    }

    public void OnAborted(GrpcAbort reason)
    {
    }
}
