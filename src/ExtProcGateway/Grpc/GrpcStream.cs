using System.Buffers;
using Orleans.Inference.ExtProcGateway.Http2;

namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>One gRPC call on an HTTP/2 stream: checks the request, cuts DATA into messages, and ends the call in exactly one way.</summary>
internal sealed class GrpcStream(Http2Connection connection, GrpcServer server) : Http2Stream(connection)
{
    /// <summary>What a message earns the peer of its abuse budget.</summary>
    private const int MessageWorth = 8;

    private readonly PartialMessage _partial = new();
    private GrpcCall? _call;
    private IGrpcCallHandler? _handler;
    private ITimer? _deadline;
    private bool _headersSent;
    private bool _gzip;
    private bool _delivering;
    private bool _counts;
    private bool _notGrpc;
    private bool _isPost;

    public Span<byte> ReserveMessage(int length)
    {
        if (!_headersSent)
        {
            _headersSent = true;
            WriteHeaders(GrpcBlocks.Headers);
        }

        var span = ReserveData(GrpcPrefix.Size + length);
        GrpcPrefix.Write(span, length);
        return span[GrpcPrefix.Size..];
    }

    public void CommitMessage() => CommitData();

    /// <summary>The handler ends the call.</summary>
    public void Complete(GrpcStatusCode status, string? message)
    {
        Detach();
        WriteStatus(status, message, []);
    }

    /// <summary>The handler ends the call, and an answer before was larger than may be sent.</summary>
    public void CompleteTooLarge(int length) => Complete(GrpcStatusCode.ResourceExhausted, TooLargeToSend(length));

    /// <summary>An answer was larger than may be sent.</summary>
    public void FailTooLargeToSend(int length) => Fail(GrpcStatusCode.ResourceExhausted, TooLargeToSend(length), GrpcAbort.AnswerTooLarge);

    protected override void OnHeaders(Http2RequestHeaders headers)
    {
        _headersSent = false;
        _gzip = headers.GrpcEncoding == "gzip";
        _isPost = headers.IsPost;
        _notGrpc = !_isPost || !IsGrpc(headers.ContentType);
        if (_notGrpc)
        {
            // Answered when it has ended: plain HTTP clients read no answer before they have sent all.
            return;
        }

        if (!_gzip && headers.GrpcEncoding is not ("" or "identity"))
        {
            WriteStatus(GrpcStatusCode.Unimplemented, $"grpc-encoding {headers.GrpcEncoding} is not supported", GrpcBlocks.AcceptEncoding);
        }
        else if (headers.GrpcTimeout < TimeSpan.Zero)
        {
            WriteStatus(GrpcStatusCode.Internal, "malformed grpc-timeout", []);
        }
        else if (headers.GrpcTimeout == TimeSpan.Zero)
        {
            WriteStatus(GrpcStatusCode.DeadlineExceeded, "Deadline Exceeded", []);
        }
        else
        {
            Begin(headers);
        }
    }

    protected override void OnData(in ReadOnlySequence<byte> data)
    {
        var rest = data;
        while (!rest.IsEmpty && _handler is not null)
        {
            if (_partial.Length == 0 && rest.Length >= GrpcPrefix.Size)
            {
                var (flag, length) = GrpcPrefix.Read(rest);
                if (length <= rest.Length - GrpcPrefix.Size)
                {
                    var size = GrpcPrefix.Size + length;
                    Deliver(flag, rest.Slice(GrpcPrefix.Size, length));
                    rest = rest.Slice(size);
                    continue;
                }
            }

            rest = rest.Slice(Collect(rest));
        }
    }

    protected override void OnRequestEnded()
    {
        if (_notGrpc)
        {
            WriteNotGrpc();
            return;
        }

        if (_handler is null)
        {
            return;
        }

        if (_partial.Length > 0)
        {
            Fail(GrpcStatusCode.Internal, "the request ended in the middle of a message", GrpcAbort.BadMessage);
            return;
        }

        try
        {
            _handler.OnRequestsEnded();
        }
        catch (Exception exception)
        {
            OnHandlerFailed(exception);
        }
    }

    protected internal override void Stop()
    {
        if (_handler is not null)
        {
            Fail(GrpcStatusCode.Unavailable, "server is stopping", GrpcAbort.ServerStopping);
        }
        else
        {
            Reset(Http2ErrorCode.Cancel);
        }
    }

    protected override void OnClosed(Http2StreamEnd how)
    {
        DropPartial();
        Abort(how switch
        {
            Http2StreamEnd.ResetByPeer => GrpcAbort.ResetByClient,
            Http2StreamEnd.ConnectionLost => GrpcAbort.ConnectionLost,
            _ => GrpcAbort.BadMessage,
        });
    }

    /// <summary><c>application/grpc</c>, with a subtype or parameters.</summary>
    private static bool IsGrpc(string contentType) =>
        contentType.StartsWith("application/grpc", StringComparison.Ordinal)
        && (contentType.Length == "application/grpc".Length || contentType["application/grpc".Length] is '+' or ';');

    private void WriteNotGrpc()
    {
        WriteHeaders(_isPost ? GrpcBlocks.UnsupportedMediaType : GrpcBlocks.MethodNotAllowed);
        GrpcBlocks.NotGrpcText.CopyTo(ReserveData(GrpcBlocks.NotGrpcText.Length));
        CommitData();
        WriteTrailers([]);
    }

    private void Begin(Http2RequestHeaders headers)
    {
        var call = new GrpcCall(this, server.MaxSendMessageSize, headers.Path, headers.Authority);
        _call = call;
        if (headers.GrpcTimeout is { } timeout)
        {
            // Timers take no more than 49 days.
            var due = timeout < TimeSpan.FromDays(49) ? timeout : TimeSpan.FromDays(49);
            _deadline = server.Time.CreateTimer(static state => ((GrpcCall)state!).PostDeadline(), call, due, Timeout.InfiniteTimeSpan);
        }

        try
        {
            var handler = server.Service.Begin(call);
            if (call.IsOver)
            {
                return;
            }

            _handler = handler;
            if (handler is { Counts: true })
            {
                _counts = true;
                server.Calls.Add();
            }
        }
        catch (Exception exception)
        {
            OnHandlerFailed(exception);
            return;
        }

        if (_handler is null)
        {
            Complete(GrpcStatusCode.Unimplemented, $"method {headers.Path} is not served here");
        }
    }

    /// <summary>Adds to a message that is not complete, and delivers it when it is; returns the bytes taken.</summary>
    private int Collect(in ReadOnlySequence<byte> data)
    {
        var expected = GrpcPrefix.Size;
        if (_partial.Length >= GrpcPrefix.Size)
        {
            expected += (int)GrpcPrefix.Read(_partial.Bytes).Length;
        }

        var count = (int)Math.Min(expected - _partial.Length, data.Length);
        _partial.Append(data.Slice(0, count), expected);
        Connection.Streams.AddHeldBytes(this, count);
        if (_partial.Length < expected)
        {
            return count;
        }

        var (flag, length) = GrpcPrefix.Read(_partial.Bytes);
        if (_partial.Length - GrpcPrefix.Size == length)
        {
            _delivering = true;
            Deliver(flag, _partial.Message);
            _delivering = false;
            DropPartial();
        }
        else if (length > server.MaxReceiveMessageSize)
        {
            FailTooLarge(length);
        }

        return count;
    }

    private void Deliver(byte flag, in ReadOnlySequence<byte> message)
    {
        Useful = true;
        Connection.Earn(MessageWorth);
        if (message.Length > server.MaxReceiveMessageSize)
        {
            FailTooLarge(message.Length);
            return;
        }

        if (flag != 0)
        {
            DeliverCompressed(flag, message);
            return;
        }

        try
        {
            _handler!.OnMessage(message);
        }
        catch (Exception exception)
        {
            OnHandlerFailed(exception);
        }
    }

    private void DeliverCompressed(byte flag, in ReadOnlySequence<byte> message)
    {
        if (flag != 1 || !_gzip)
        {
            Fail(GrpcStatusCode.Internal, "a message is flagged as compressed without grpc-encoding", GrpcAbort.BadMessage);
            return;
        }

        var outcome = GzipMessage.Decompress(message, server.MaxReceiveMessageSize, out var bytes, out var length);
        try
        {
            switch (outcome)
            {
                case GzipMessage.Outcome.Ok:
                    Deliver(0, new ReadOnlySequence<byte>(bytes, 0, length));
                    break;
                case GzipMessage.Outcome.TooLarge:
                    FailTooLarge(length);
                    break;
                default:
                    Fail(GrpcStatusCode.Internal, "a message cannot be decompressed", GrpcAbort.BadMessage);
                    break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void FailTooLarge(long length) =>
        Fail(GrpcStatusCode.ResourceExhausted, $"received a message of {length} bytes, the limit is {server.MaxReceiveMessageSize}", GrpcAbort.BadMessage);

    internal void OnDeadline() => Fail(GrpcStatusCode.DeadlineExceeded, "Deadline Exceeded", GrpcAbort.DeadlineExceeded);

    private string TooLargeToSend(int length) => $"an answer of {length} bytes is larger than may be sent, {server.MaxSendMessageSize}";

    private void OnHandlerFailed(Exception exception)
    {
        server.LogHandlerFailed(_call?.Path ?? "", exception);
        Fail(GrpcStatusCode.Unknown, "internal error", GrpcAbort.HandlerFailed);
    }

    /// <summary>Ends the call with a status that is not the handler's, and tells the handler.</summary>
    private void Fail(GrpcStatusCode status, string message, GrpcAbort reason)
    {
        if (_call is null)
        {
            return;
        }

        DropPartial();
        Abort(reason);
        WriteStatus(status, message, []);
    }

    private void Abort(GrpcAbort reason)
    {
        var (handler, path) = (_handler, _call?.Path);
        Detach();
        try
        {
            handler?.OnAborted(reason);
        }
        catch (Exception exception)
        {
            server.LogHandlerFailed(path ?? "", exception);
        }
    }

    private void Detach()
    {
        if (_counts)
        {
            _counts = false;
            server.Calls.Remove();
        }

        _call?.Detach();
        _call = null;
        _handler = null;
        _deadline?.Dispose();
        _deadline = null;
    }

    private void WriteStatus(GrpcStatusCode status, string? message, ReadOnlySpan<byte> more)
    {
        var trailersOnly = !_headersSent;
        Span<byte> block = stackalloc byte[GrpcBlocks.MaxTrailers + 64];
        var length = 0;
        if (trailersOnly)
        {
            _headersSent = true;
            GrpcBlocks.Headers.CopyTo(block);
            length = GrpcBlocks.Headers.Length;
        }

        length += GrpcBlocks.WriteTrailers(block[length..], status, message);
        more.CopyTo(block[length..]);
        WriteTrailers(block[..(length + more.Length)]);
    }

    private void DropPartial()
    {
        // The handler reads the message until it returns, also when it has ended the call before.
        if (_partial.Length > 0 && !_delivering)
        {
            Sender.HeldBytes -= _partial.Length;
            _partial.Clear();
        }
    }
}
