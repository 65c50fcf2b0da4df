using Contracts.Grpc.Protos;
using Grpc.Core;

namespace Contracts.Grpc;

/// <summary>A service that does what the test says.</summary>
internal sealed class ProbeService(ProbeBehavior behavior) : Probe.ProbeBase
{
    public override Task<Answer> Unary(Ask request, ServerCallContext context) => behavior.Unary(request, context);

    public override Task<Answer> Collect(IAsyncStreamReader<Ask> requestStream, ServerCallContext context) => behavior.Collect(requestStream, context);

    public override Task Expand(Ask request, IServerStreamWriter<Answer> responseStream, ServerCallContext context)
        => behavior.Expand(request, responseStream, context);

    public override Task Converse(IAsyncStreamReader<Ask> requestStream, IServerStreamWriter<Answer> responseStream, ServerCallContext context)
        => behavior.Converse(requestStream, responseStream, context);
}
