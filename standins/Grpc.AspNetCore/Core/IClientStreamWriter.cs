namespace Grpc.Core;

/// <summary>A client's messages.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Half-closes: the server sees the end of the stream, its answers go on.</summary>
    Task CompleteAsync();
}
