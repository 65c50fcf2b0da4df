namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>The server's end of one gRPC call: what a handler writes to.</summary>
/// <remarks>All members but <see cref="Post"/> are called in the turn of the call's connection only.</remarks>
internal abstract class GrpcServerCall
{
    /// <summary>HTTP/2 <c>:path</c>, <c>/package.Service/Method</c>.</summary>
    public abstract string Path { get; }

    /// <summary>HTTP/2 <c>:authority</c> exactly as received; need not be a valid host name (Istio sends <c>outbound|9002||epp.ns.svc.cluster.local</c>).</summary>
    public abstract string Authority { get; }

    /// <summary>Local port of the listener.</summary>
    public abstract int LocalPort { get; }

    /// <summary>Bytes of answers that are not yet handed to the transport (flow control, a slow peer).</summary>
    public abstract long PendingBytes { get; }

    /// <summary>
    /// Room for the next response message of exactly <paramref name="length"/> bytes, without gRPC's prefix. Fill it whole and call
    /// <see cref="CommitMessage"/> before anything else.
    /// </summary>
    public abstract Span<byte> ReserveMessage(int length);

    /// <summary>Sends the message reserved last. Leaves the process with the other answers of the turn.</summary>
    public abstract void CommitMessage();

    /// <summary>Ends the call with trailers, after all messages written before. Unread request messages are dropped.</summary>
    public abstract void Complete(GrpcStatusCode status, string? message = null);

    /// <summary>Runs <paramref name="action"/> in the turn of the call's connection, unless the call is over by then. From any thread.</summary>
    public abstract void Post<TState>(Action<TState> action, TState state);
}
