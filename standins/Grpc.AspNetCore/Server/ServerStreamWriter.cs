using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>A server's messages as the method writes them.</summary>
internal sealed class ServerStreamWriter<T>(HttpServerCall call, Marshaller<T> marshaller) : IServerStreamWriter<T>
    where T : class
{
    private readonly CancellationToken _aborted = call.HttpContext.RequestAborted;
    private readonly Lock _lock = new();
    private volatile bool _ended;
    private Task _write = Task.CompletedTask;

    public WriteOptions? WriteOptions
    {
        get => call.WriteOptions;
        set => call.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);

        // A message that is given up half-written leaves no way to go on: the stream is reset.
        using var registration = cancellationToken.UnsafeRegister(static state => ((HttpServerCall)state!).Reset(), call);
        cancellationToken.ThrowIfCancellationRequested();
        if (_ended || _aborted.IsCancellationRequested)
        {
            throw new InvalidOperationException("Can't write the message because the request is complete.");
        }

        Task write;
        lock (_lock)
        {
            if (!_write.IsCompleted)
            {
                throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
            }

            write = _write = call.WriteAsync(message, marshaller, cancellationToken);
        }

        await write.ConfigureAwait(false);
    }

    /// <summary>The method returned: nothing is written any more.</summary>
    public void End() => _ended = true;
}
