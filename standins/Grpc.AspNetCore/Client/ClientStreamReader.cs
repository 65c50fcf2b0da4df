using Grpc.Core;
using Grpc.Framing;

namespace Grpc.Net.Client;

/// <summary>A server's messages as the caller reads them.</summary>
internal sealed class ClientStreamReader<TRequest, TResponse>(GrpcCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private readonly TaskCompletionSource<FrameReader> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task<bool> _move = Task.FromResult(true);
    private bool _endOfStream;

    public TResponse Current { get; private set; } = default!;

    public void SetResponse(FrameReader reader) => _response.TrySetResult(reader);

    public void SetFailure(RpcException failure)
    {
        if (_response.TrySetException(failure))
        {
            // Nobody has to read: the call's status tells the same.
            _ = _response.Task.Exception;
        }
    }

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        call.EnsureNotDisposed();
        lock (_lock)
        {
            return _move.IsCompleted
                ? _move = MoveNextCoreAsync(cancellationToken)
                : Task.FromException<bool>(
                    new InvalidOperationException("Can't read the next message because the previous read is still in progress."));
        }
    }

    private async Task<bool> MoveNextCoreAsync(CancellationToken cancellationToken)
    {
        if (_endOfStream)
        {
            return false;
        }

        using var registration = cancellationToken.UnsafeRegister(static state => ((GrpcCall<TRequest, TResponse>)state!).Cancel(), call);
        var reader = await _response.Task.ConfigureAwait(false);
        Current = default!;
        TResponse? message;
        try
        {
            call.Stopped.ThrowIfCancellationRequested();
            message = await call.ReadAsync(reader, call.Stopped).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw call.Fail(exception);
        }

        if (message is not null)
        {
            Current = message;
            return true;
        }

        var status = call.EndWithTrailers();
        _endOfStream = status.StatusCode == StatusCode.OK;
        return _endOfStream ? false : throw call.ToException(status);
    }
}
