using Contracts.Grpc.Protos;

namespace Contracts.Grpc;

internal static class ProbeClientExtensions
{
    /// <summary>A call that does nothing but connect, so that a deadline after it does not pay for the connection.</summary>
    public static async Task CollectOfNothingAsync(this Probe.ProbeClient client)
    {
        using var call = client.Collect();
        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync.WaitAsync(ProbeServer.Patience);
    }
}
