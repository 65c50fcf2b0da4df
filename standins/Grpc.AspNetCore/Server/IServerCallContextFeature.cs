using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>Gives an HTTP request's gRPC call.</summary>
public interface IServerCallContextFeature
{
    ServerCallContext ServerCallContext { get; }
}
