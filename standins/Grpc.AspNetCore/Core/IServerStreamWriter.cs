namespace Grpc.Core;

/// <summary>A server's messages; the stream ends when the method returns.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;
