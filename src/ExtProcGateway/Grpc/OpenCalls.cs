namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>How many calls of the edge's service, over all connections and ports, are open in the process. Health checks do not count.</summary>
/// <remarks>Safe from any thread. A call counts from when its handler was made, so not yet in <see cref="IGrpcService.Begin"/>, until it ends in any way.</remarks>
internal sealed class OpenCalls
{
    private int _count;
    private int _begun;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Calls so far; wraps around. Two readings that are equal say that none came in between.</summary>
    public int Begun => Volatile.Read(ref _begun);

    public void Add()
    {
        Interlocked.Increment(ref _count);
        Interlocked.Increment(ref _begun);
    }

    public void Remove() => Interlocked.Decrement(ref _count);
}
