using System.Buffers;
using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>One call of <c>grpc.health.v1.Health/Check</c>.</summary>
internal sealed class HealthCheckHandler(GrpcServerCall call, IHealthSource health) : IGrpcCallHandler
{
    private string? _service;

    public bool Counts => false;

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

        // A service that is unknown is told by the state too, as the reference does, not by an error.
        HealthCodec.Send(call, health.Check(_service));
        call.Complete(GrpcStatusCode.Ok);
    }

    public void OnAborted(GrpcAbort reason)
    {
    }
}
