using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>A client's messages as the caller writes them.</summary>
internal sealed class ClientStreamWriter<TRequest, TResponse>(GrpcCall<TRequest, TResponse> call) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private readonly Lock _lock = new();
    private Task _write = Task.CompletedTask;
    private bool _completed;

    public RequestStream Stream { get; } = new();

    public WriteOptions? WriteOptions { get; set; } = call.InitialWriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        call.EnsureNotDisposed();

        // A message that is given up half-written leaves no way to go on: the call is cancelled.
        using var registration = cancellationToken.UnsafeRegister(static state => ((GrpcCall<TRequest, TResponse>)state!).Cancel(), call);
        Task write;
        lock (_lock)
        {
            if (_completed)
            {
                throw new InvalidOperationException("Request stream has already been completed.");
            }

            if (call.IsOver)
            {
                throw call.ToException(call.GetStatus());
            }

            if (!_write.IsCompleted)
            {
                throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
            }

            write = _write = WriteFrameAsync(message);
        }

        await write.ConfigureAwait(false);
    }

    public Task CompleteAsync()
    {
        call.EnsureNotDisposed();
        lock (_lock)
        {
            if (!_write.IsCompleted)
            {
                return Task.FromException(
                    new InvalidOperationException("Can't complete the client stream writer because the previous write is in progress."));
            }

            _completed = true;
        }

        Stream.TrySetEnd();
        return Task.CompletedTask;
    }

    private async Task WriteFrameAsync(TRequest message)
    {
        try
        {
            var stream = await Stream.GetAsync(call.Stopped).ConfigureAwait(false);
            await stream.WriteAsync(call.WriteFrame(message, WriteOptions), call.Stopped).ConfigureAwait(false);
            if (WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true)
            {
                await stream.FlushAsync(call.Stopped).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The call's end is what stopped the write, and often overtakes the news of its reason, which the response brings.
            throw call.IsOver
                ? call.ToException(call.GetStatus())
                : new RpcException(new Status(StatusCode.Cancelled, "The call ended while the message was written.", exception));
        }
    }
}
