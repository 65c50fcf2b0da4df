using System.Buffers;
using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>One call of <c>grpc.health.v1.Health/List</c>.</summary>
internal sealed class HealthListHandler(GrpcServerCall call, IHealthSource health) : IGrpcCallHandler
{
    public bool Counts => false;

    public void OnMessage(in ReadOnlySequence<byte> message)
    {
        // The request has no fields.
    }

    public void OnRequestsEnded()
    {
        HealthCodec.SendList(call, health);
        call.Complete(GrpcStatusCode.Ok);
    }

    public void OnAborted(GrpcAbort reason)
    {
    }
}
