using System.Buffers;
using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>One call of <c>grpc.health.v1.Health/Watch</c>: the state at once, and again with each change, until the client leaves or the server stops.</summary>
internal sealed class HealthWatchHandler(GrpcServerCall call, IHealthSource health) : IGrpcCallHandler
{
    private string? _service;
    private HealthStatus? _sent;

    public bool Counts => false;

    public void OnMessage(in ReadOnlySequence<byte> message)
    {
        if (_service is not null || !HealthCodec.TryReadService(message, out _service))
        {
            health.Changed -= OnChanged;
            call.Complete(GrpcStatusCode.Internal, "not one well-formed HealthCheckRequest");
            return;
        }

        health.Changed += OnChanged;
        SendIfChanged();
    }

    public void OnRequestsEnded()
    {
        if (_service is null)
        {
            call.Complete(GrpcStatusCode.Internal, "a HealthCheckRequest is missing");
        }
    }

    public void OnAborted(GrpcAbort reason) => health.Changed -= OnChanged;

    private void OnChanged() => call.Post(static handler => handler.SendIfChanged(), this);

    private void SendIfChanged()
    {
        var status = health.Check(_service!);
        if (status != _sent)
        {
            _sent = status;
            HealthCodec.Send(call, status);
        }

        if (health.IsOver)
        {
            health.Changed -= OnChanged;
            call.Complete(GrpcStatusCode.Unavailable, "server is stopping");
        }
    }
}
