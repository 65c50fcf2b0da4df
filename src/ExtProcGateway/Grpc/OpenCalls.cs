namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>How many gRPC calls are open in the process, over all connections and ports of the edge.</summary>
/// <remarks>Exact at any moment, from any thread; a call counts itself from before its handler is made until it ends in any way.</remarks>
internal sealed class OpenCalls
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);

    public void Remove() => Interlocked.Decrement(ref _count);
}
