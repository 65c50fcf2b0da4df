using Grpc.Core;

namespace Contracts.Grpc;

/// <summary>Waits for a call to fail as calls do.</summary>
internal static class Failure
{
    public static Task<RpcException> OfAsync(Task call) => Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(ProbeServer.Patience));
}
