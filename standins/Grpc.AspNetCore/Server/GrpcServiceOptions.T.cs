namespace Grpc.AspNetCore.Server;

/// <summary>Options of the one service <typeparamref name="TService"/>; they start as those of all services.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class;
