using Orleans.Inference.ExtProcGateway.Grpc;

namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>gRPC health beside another service on the same port of the edge: <c>Check</c>, <c>List</c>, <c>Watch</c>.</summary>
internal sealed class HealthEdgeService(IHealthSource health, IGrpcService inner) : IGrpcService
{
    public IGrpcCallHandler? Begin(GrpcServerCall call) => call.Path switch
    {
        "/grpc.health.v1.Health/Check" => new HealthCheckHandler(call, health),
        "/grpc.health.v1.Health/List" => new HealthListHandler(call, health),
        "/grpc.health.v1.Health/Watch" => new HealthWatchHandler(call, health),
        _ => inner.Begin(call),
    };
}
