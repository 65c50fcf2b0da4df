namespace Grpc.Net.Client;

/// <summary>Hands the HTTP request's body from HTTP's side to the writer's, and its end back.</summary>
internal sealed class RequestStream
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The end of the stream must be on its way before the caller who asked for it goes on, and perhaps disposes the call, which would reset
    // the stream instead: so the continuation runs at once.
    private readonly TaskCompletionSource _ended = new();

    /// <summary>HTTP's side: gives the body and waits for the end.</summary>
    /// <exception cref="IOException">HTTP tries the request a second time.</exception>
    public Task OpenAsync(Stream stream)
        => _opened.TrySetResult(stream) ? _ended.Task : throw new IOException("A streamed request cannot be sent a second time.");

    public Task<Stream> GetAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    public bool TrySetEnd() => _ended.TrySetResult();
}
