namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>Makes the handlers of the methods that the edge serves.</summary>
internal interface IGrpcService
{
    /// <summary>The handler of a call to <see cref="GrpcServerCall.Path"/>, or null where no such method is served (<c>Unimplemented</c>).</summary>
    IGrpcCallHandler? Begin(GrpcServerCall call);
}
