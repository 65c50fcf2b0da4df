using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.View;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary><c>envoy.service.ext_proc.v3.ExternalProcessor</c>: one call for each HTTP request.</summary>
internal sealed class ExtProcService(IPoolRouter router, ExtProcServices services) : IGrpcService
{
    /// <inheritdoc/>
    public IGrpcCallHandler? Begin(GrpcServerCall call) =>
        call.Path == WellKnown.ProcessPath
            ? new ExtProcCall(call, router.Resolve(call.Authority, call.LocalPort), services)
            : null;
}
