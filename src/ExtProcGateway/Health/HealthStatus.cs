namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>State of a service, by gRPC health's numbers on the wire.</summary>
internal enum HealthStatus
{
    Serving = 1,
    NotServing = 2,
    ServiceUnknown = 3,
}
