using Orleans.Inference.ExtProcGateway.Http2;

namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>
/// What a handler holds of its call. A small object of its own for each call, while streams are pooled: a handler may keep it (and post to it)
/// after the call is over, when the stream serves another one.
/// </summary>
/// <param name="maxMessage">Largest answer, in bytes.</param>
internal sealed class GrpcCall(GrpcStream stream, int maxMessage, string path, string authority) : GrpcServerCall, ITurnMember
{
    private readonly Http2Connection _connection = stream.Connection;
    private GrpcStream? _stream = stream;
    private byte[] _dropped = [];
    private int _tooLarge;

    public override string Path => path;

    public override string Authority => authority;

    public override int LocalPort => _connection.LocalPort;

    public override long PendingBytes => _stream?.PendingBytes ?? 0;

    public bool IsOver => _stream is null;

    public override Span<byte> ReserveMessage(int length)
    {
        if (_stream is not null && _tooLarge == 0)
        {
            if (length <= maxMessage)
            {
                return _stream.ReserveMessage(length);
            }

            // The call ends when the handler, who is in the middle of something, has returned.
            _tooLarge = length;
            Post(static call => call._stream?.FailTooLargeToSend(call._tooLarge), this);
        }

        if (_dropped.Length < length)
        {
            _dropped = new byte[length];
        }

        return _dropped.AsSpan(0, length);
    }

    public override void CommitMessage()
    {
        if (_tooLarge == 0)
        {
            _stream?.CommitMessage();
        }
    }

    public override void Complete(GrpcStatusCode status, string? message = null)
    {
        if (_tooLarge == 0)
        {
            _stream?.Complete(status, message);
        }
        else
        {
            _stream?.CompleteTooLarge(_tooLarge);
        }
    }

    public override void Post<TState>(Action<TState> action, TState state) => _connection.Post(this, action, state);

    /// <summary>The deadline has passed; from the timer's thread.</summary>
    public void PostDeadline() => Post(static call => call._stream?.OnDeadline(), this);

    /// <summary>The call is over; nothing that the handler does has an effect any more.</summary>
    public void Detach()
    {
        _stream = null;
        _dropped = [];
    }
}
