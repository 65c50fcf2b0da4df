using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>A client's messages as the method reads them.</summary>
internal sealed class ServerStreamReader<T>(HttpServerCall call, Marshaller<T> marshaller) : IAsyncStreamReader<T>
    where T : class
{
    private readonly CancellationToken _aborted = call.HttpContext.RequestAborted;
    private volatile bool _ended;
    private bool _endOfStream;

    public T Current { get; private set; } = default!;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_ended || _aborted.IsCancellationRequested)
        {
            throw new InvalidOperationException("Can't read messages after the request is complete.");
        }

        Current = default!;
        if (_endOfStream)
        {
            return false;
        }

        var message = await call.ReadAsync(marshaller, cancellationToken).ConfigureAwait(false);
        _endOfStream = message is null;
        Current = message!;
        return message is not null;
    }

    /// <summary>The method returned: nothing is read any more.</summary>
    public void End() => _ended = true;
}
