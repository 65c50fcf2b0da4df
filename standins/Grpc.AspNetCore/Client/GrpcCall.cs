using Grpc.Core;
using Grpc.Framing;
using Grpc.Net.Compression;

namespace Grpc.Net.Client;

/// <summary>One call on the client.</summary>
/// <remarks>
/// The call is over when <see cref="_status"/> is set; the first to set it (the response's end, a cancellation, the deadline, a failure)
/// wins, and everything else follows from it.
/// </remarks>
internal sealed class GrpcCall<TRequest, TResponse> : IDisposable
    where TRequest : class
    where TResponse : class
{
    private static readonly Status NoMessage = new(StatusCode.Internal, "Failed to deserialize response message.");

    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly CallOptions _options;
    private readonly FrameWriter _frames;
    private readonly ICompressionProvider? _compression;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Status> _status = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TResponse> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClientDeadline? _deadline;
    private CancellationTokenRegistration _cancellation;
    private ClientStreamWriter<TRequest, TResponse>? _requests;
    private ClientStreamReader<TRequest, TResponse>? _responses;
    private HttpResponseMessage? _httpResponse;
    private volatile Metadata? _trailers;
    private volatile bool _disposed;

    public GrpcCall(GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
    {
        if (options.Deadline is { } deadline && deadline != DateTime.MaxValue && deadline != DateTime.MinValue && deadline.Kind != DateTimeKind.Utc)
        {
            throw new InvalidOperationException(
                "Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue.");
        }

        _channel = channel;
        _method = method;
        _options = options;
        _frames = new FrameWriter(channel.MaxSendMessageSize);
        RequestEncoding = options.Headers?.GetValue(GrpcHeaders.EncodingRequest);
        if (RequestEncoding is not (null or GrpcHeaders.Identity))
        {
            _compression = channel.CompressionProviders.FirstOrDefault(provider => provider.EncodingName == RequestEncoding)
                ?? throw new InvalidOperationException($"Could not find compression provider for '{RequestEncoding}'.");
        }

        channel.Add(this);
    }

    public IClientStreamWriter<TRequest> Requests => _requests!;

    public IAsyncStreamReader<TResponse> Responses => _responses!;

    public Task<TResponse> ResponseAsync => _response.Task;

    public Task<Metadata> ResponseHeadersAsync => _headers.Task;

    /// <summary>Fires when the call ends otherwise than by its response's end.</summary>
    public CancellationToken Stopped => _stop.Token;

    public bool IsOver => _status.Task.IsCompleted;

    public WriteOptions? InitialWriteOptions => _options.WriteOptions;

    private string? RequestEncoding { get; }

    private bool StreamsRequests => _method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming;

    private bool StreamsResponses => _method.Type is MethodType.ServerStreaming or MethodType.DuplexStreaming;

    /// <param name="request">null where requests are streamed.</param>
    public GrpcCall<TRequest, TResponse> Start(TRequest? request)
    {
        _requests = StreamsRequests ? new(this) : null;
        _responses = StreamsResponses ? new(this) : null;
        if (_options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            _deadline = new ClientDeadline(deadline, () => End(new Status(StatusCode.DeadlineExceeded, "")));
        }

        _cancellation = _options.CancellationToken.UnsafeRegister(static state => ((GrpcCall<TRequest, TResponse>)state!).Cancel(), this);
        _ = RunAsync(request);
        return this;
    }

    public Status GetStatus()
        => _status.Task.IsCompleted ? _status.Task.Result : throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers()
        => _trailers ?? throw new InvalidOperationException("Can't get the call trailers because the call has not completed successfully.");

    /// <summary>Ends the call by the client's wish.</summary>
    public void Cancel() => End(new Status(StatusCode.Cancelled, "Call canceled by the client."));

    public void Dispose()
    {
        _disposed = true;
        End(new Status(StatusCode.Cancelled, "gRPC call disposed."));
    }

    public void EnsureNotDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <summary>One message's frame, valid until the next.</summary>
    public ReadOnlyMemory<byte> WriteFrame(TRequest message, WriteOptions? options)
        => _frames.Write(message, _method.RequestMarshaller.ContextualSerializer, WriteOptions.AllowsCompression(options) ? _compression : null);

    public ValueTask<TResponse?> ReadAsync(FrameReader reader, CancellationToken cancellationToken)
        => reader.ReadAsync(_method.ResponseMarshaller.ContextualDeserializer, cancellationToken);

    /// <summary>The response's end was read: takes its status and trailers.</summary>
    /// <param name="lacksMessage">Whether the one message that OK promises is missing.</param>
    public Status EndWithTrailers(bool lacksMessage = false)
    {
        var response = _httpResponse!;
        _trailers ??= ClientProtocol.ReadMetadata(response.TrailingHeaders);
        var status = ClientProtocol.ReadStatus(response.TrailingHeaders) ?? ClientProtocol.ReadStatus(response.Headers)
            ?? new Status(StatusCode.Cancelled, "No grpc-status found on response.");
        Finish(lacksMessage && status.StatusCode == StatusCode.OK ? NoMessage : status, stop: false);
        return _status.Task.Result;
    }

    /// <summary>What a failed call throws; the status already set counts, not a later effect of it.</summary>
    public RpcException Fail(Exception exception)
    {
        if (!_status.Task.IsCompleted)
        {
            var status = exception switch
            {
                RpcException rpcException => rpcException.Status,
                OperationCanceledException => new Status(StatusCode.Cancelled, "", exception),
                _ => ClientProtocol.ToStatus(exception),
            };
            if (status.StatusCode == StatusCode.Cancelled && _deadline?.IsPast == true)
            {
                status = new Status(StatusCode.DeadlineExceeded, status.Detail, status.DebugException);
            }

            End(status);
        }

        return ToException(_status.Task.Result);
    }

    public RpcException ToException(Status status) => new(status, _trailers ?? []);

    private async Task RunAsync(TRequest? request)
    {
        try
        {
            if (_deadline?.IsPast == true)
            {
                End(new Status(StatusCode.DeadlineExceeded, ""));
            }

            _stop.Token.ThrowIfCancellationRequested();
            var message = CreateRequest(request);
            var response = await _channel.SendAsync(message, _stop.Token).ConfigureAwait(false);
            _httpResponse = response;
            if (IsOver)
            {
                response.Dispose();
            }

            await ReceiveAsync(response).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Every failure is a status; those that wait for the response or its headers get it as an exception.
            var failure = Fail(exception);
            _headers.TrySetException(failure);
            _response.TrySetException(failure);
            _responses?.SetFailure(failure);
            Observe(_headers.Task);
            if (_status.Task.Result.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded || StreamsResponses)
            {
                Observe(_response.Task);
            }
        }
    }

    private async Task ReceiveAsync(HttpResponseMessage response)
    {
        ClientProtocol.Validate(response);
        _headers.TrySetResult(ClientProtocol.ReadMetadata(response.Headers));
        if (ClientProtocol.ReadStatus(response.Headers) is { } early && (early.StatusCode != StatusCode.OK || !StreamsResponses))
        {
            _trailers = ClientProtocol.ReadMetadata(response.Headers);
            Finish(early.StatusCode == StatusCode.OK ? NoMessage : early, stop: false);
            throw ToException(_status.Task.Result);
        }

        var stream = await response.Content.ReadAsStreamAsync(_stop.Token).ConfigureAwait(false);
        var reader = new FrameReader(
            System.IO.Pipelines.PipeReader.Create(stream, new(bufferSize: 16 * 1024)),
            _channel.MaxReceiveMessageSize,
            ClientProtocol.GetValue(response.Headers, GrpcHeaders.Encoding),
            _channel.CompressionProviders,
            StatusCode.Internal);
        if (_responses is not null)
        {
            _responses.SetResponse(reader);
            return;
        }

        var answer = await reader.ReadSingleAsync(_method.ResponseMarshaller.ContextualDeserializer, _stop.Token).ConfigureAwait(false);
        var status = EndWithTrailers(lacksMessage: answer is null);
        if (status.StatusCode != StatusCode.OK)
        {
            throw ToException(status);
        }

        _response.TrySetResult(answer!);
    }

    private HttpRequestMessage CreateRequest(TRequest? request)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_channel.Address, _method.FullName))
        {
            Version = _channel.HttpVersion,
            VersionPolicy = _channel.HttpVersionPolicy,
            Content = request is null ? new StreamingContent(_requests!.Stream) : new FrameContent(WriteFrame(request, _options.WriteOptions)),
        };
        var headers = message.Headers;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("user-agent", "grpc-dotnet");
        headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, _channel.AcceptEncoding);
        foreach (var entry in _options.Headers ?? Metadata.Empty)
        {
            if (entry.Key == GrpcHeaders.EncodingRequest)
            {
                headers.TryAddWithoutValidation(GrpcHeaders.Encoding, entry.Value);
            }
            else if (entry.Key != GrpcHeaders.Timeout)
            {
                headers.TryAddWithoutValidation(entry.Key, entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value);
            }
        }

        if (_deadline is not null)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Timeout, ClientProtocol.FormatTimeout(_deadline.Remaining));
        }

        return message;
    }

    private void End(Status status) => Finish(status, stop: true);

    private void Finish(Status status, bool stop)
    {
        if (!_status.TrySetResult(status))
        {
            return;
        }

        if (stop)
        {
            // Disposing the response resets the stream, which cancelling does only until the response's headers are there.
            _stop.Cancel();
            _httpResponse?.Dispose();
        }

        if (status.StatusCode != StatusCode.OK)
        {
            _channel.Logger.CallFailed(_method.FullName, status.StatusCode, status.Detail, status.DebugException);
        }

        _requests?.Stream.TrySetEnd();
        _deadline?.Dispose();
        _cancellation.Unregister();
        _channel.Remove(this);
    }

    private static void Observe(Task task) => _ = task.Exception;
}
