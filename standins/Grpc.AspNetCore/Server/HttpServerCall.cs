using System.Buffers;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Framing;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>One call on the server.</summary>
internal sealed class HttpServerCall(HttpContext httpContext, GrpcServiceOptions options, ILogger logger)
    : ServerCallContext, IServerCallContextFeature, IAsyncDisposable
{
    private static readonly AuthContext NobodyKnown = new(null, []);

    private readonly FrameWriter _frames = new(options.MaxSendMessageSize, options.ResponseCompressionLevel);
    private FrameReader? _reader;
    private ICompressionProvider? _compression;
    private ServerDeadline? _deadline;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private Status _status = Status.DefaultSuccess;

    public HttpContext HttpContext { get; } = httpContext;

    public ServerCallContext ServerCallContext => this;

    protected override string MethodCore => HttpContext.Request.Path.Value!;

    protected override string HostCore => HttpContext.Request.Host.Value!;

    protected override string PeerCore
    {
        get
        {
            var (address, port) = (HttpContext.Connection.RemoteIpAddress, HttpContext.Connection.RemotePort);
            return address?.AddressFamily switch
            {
                null => "unknown",
                AddressFamily.InterNetwork => $"ipv4:{address}:{port}",
                AddressFamily.InterNetworkV6 => $"ipv6:[{address}]:{port}",
                _ => $"unknown:{address}:{port}",
            };
        }
    }

    protected override DateTime DeadlineCore => _deadline?.Deadline ?? DateTime.MaxValue;

    protected override CancellationToken CancellationTokenCore => _deadline?.CancellationToken ?? HttpContext.RequestAborted;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ServerProtocol.ReadMetadata(HttpContext.Request.Headers);

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore
    {
        get => _status;
        set => _status = value;
    }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => NobodyKnown;

    protected override IDictionary<object, object> UserStateCore => HttpContext.Items!;

    private FrameReader Reader => _reader ??= new(
        HttpContext.Request.BodyReader,
        options.MaxReceiveMessageSize,
        RequestEncoding,
        options.CompressionProviders,
        StatusCode.Unimplemented);

    private string? RequestEncoding => HttpContext.Request.Headers[GrpcHeaders.Encoding];

    private ICompressionProvider? CompressionOfNext => WriteOptions.AllowsCompression(WriteOptions) ? _compression : null;

    /// <summary>Starts the deadline and chooses the compression.</summary>
    public void Start()
    {
        if (ServerProtocol.ParseTimeout(HttpContext.Request.Headers[GrpcHeaders.Timeout]) is { } timeout)
        {
            _deadline = new ServerDeadline(this, timeout, logger);
        }

        if (RequestEncoding is { } sent && sent != GrpcHeaders.Identity && FindProvider(sent) is null)
        {
            // The answer to a compression that is unknown names those that are known.
            HttpContext.Response.Headers[GrpcHeaders.AcceptEncoding]
                = string.Join(',', options.CompressionProviders.Select(provider => provider.EncodingName).Prepend(GrpcHeaders.Identity));
        }

        if (options.ResponseCompressionAlgorithm is { } encoding && encoding != GrpcHeaders.Identity && ClientAccepts(encoding))
        {
            SetCompression(encoding);
        }
    }

    /// <summary>Reads a unary request.</summary>
    public async Task<TRequest> ReadRequestAsync<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        => await Reader.ReadSingleAsync(method.RequestMarshaller.ContextualDeserializer, CancellationToken.None).ConfigureAwait(false)
            ?? throw new RpcException(new Status(StatusCode.Internal, "Incomplete message."));

    /// <summary>Reads the next message; null at the end.</summary>
    public ValueTask<T?> ReadAsync<T>(Marshaller<T> marshaller, CancellationToken cancellationToken)
        where T : class
        => Reader.ReadAsync(marshaller.ContextualDeserializer, cancellationToken);

    /// <summary>Puts a unary response where the end of the call will send it.</summary>
    public async Task WriteResponseAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TResponse? response)
        where TResponse : class
    {
        if (response is null)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        }

        var frame = _frames.Write(response, method.ResponseMarshaller.ContextualSerializer, CompressionOfNext);

        // Once the response has started, the status goes into the trailers.
        await HttpContext.Response.StartAsync().ConfigureAwait(false);
        HttpContext.Response.BodyWriter.Write(frame.Span);
    }

    /// <summary>Writes one message of a stream and waits for flow control.</summary>
    public async Task WriteAsync<T>(T message, Marshaller<T> marshaller, CancellationToken cancellationToken)
    {
        var response = HttpContext.Response;
        if (!response.HasStarted)
        {
            await response.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        response.BodyWriter.Write(_frames.Write(message, marshaller.ContextualSerializer, CompressionOfNext).Span);
        if (WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) == true)
        {
            return;
        }

        var flushed = await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!flushed.IsCompleted && (CancellationToken.IsCancellationRequested || cancellationToken.IsCancellationRequested))
        {
            throw new OperationCanceledException("Request aborted while sending the message.");
        }
    }

    /// <summary>Takes the status from what the method threw.</summary>
    public void SetFailure(Exception exception, string methodName)
    {
        if (exception is RpcException rpcException)
        {
            logger.RpcError(rpcException.StatusCode, rpcException.Status.Detail, rpcException.Status.DebugException);
            foreach (var entry in rpcException.Trailers)
            {
                ResponseTrailers.Add(entry);
            }

            _status = rpcException.Status;
            return;
        }

        if (exception is OperationCanceledException or IOException && CancellationToken.IsCancellationRequested)
        {
            logger.MethodCanceled(methodName, exception);
        }
        else
        {
            logger.MethodFailed(methodName, exception);
        }

        var detail = "Exception was thrown by handler.";
        if (options.EnableDetailedErrors == true)
        {
            detail += " " + ExceptionText.Describe(exception);
        }

        _status = new Status(StatusCode.Unknown, detail, exception);
    }

    /// <summary>Sends the status and trailers, unless the deadline did so.</summary>
    public async Task EndAsync()
    {
        if (_deadline is not null && !await _deadline.TryEndCallAsync().ConfigureAwait(false))
        {
            return;
        }

        if (_responseTrailers is not null)
        {
            GrpcResponse.AppendTrailers(HttpContext.Response, _responseTrailers);
        }

        GrpcResponse.SetStatus(HttpContext.Response, _status);
    }

    /// <summary>Ends the response at the deadline, whatever the method does.</summary>
    public async Task ExpireAsync()
    {
        _status = new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded");
        GrpcResponse.SetStatus(HttpContext.Response, _status);
        await HttpContext.Response.CompleteAsync().ConfigureAwait(false);
        Reset();
    }

    /// <summary>Resets the stream.</summary>
    public void Reset()
    {
        if (HttpContext.Features.Get<IHttpResetFeature>() is { } feature)
        {
            feature.Reset(GrpcHeaders.CancelErrorCode);
        }
        else
        {
            HttpContext.Abort();
        }
    }

    public ValueTask DisposeAsync() => _deadline?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (HttpContext.Response.HasStarted)
        {
            throw new InvalidOperationException("Response headers can only be sent once per call.");
        }

        foreach (var header in responseHeaders)
        {
            if (header.Key == GrpcHeaders.EncodingRequest)
            {
                SetCompression(header.Value);
            }
            else
            {
                HttpContext.Response.Headers.Append(header.Key, GrpcResponse.Encode(header));
            }
        }

        await HttpContext.Response.BodyWriter.FlushAsync().ConfigureAwait(false);
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options)
        => throw new NotImplementedException("Contexts are not propagated.");

    private ICompressionProvider? FindProvider(string encoding) => options.CompressionProviders.FirstOrDefault(provider => provider.EncodingName == encoding);

    private bool ClientAccepts(string encoding)
        => HttpContext.Request.Headers[GrpcHeaders.AcceptEncoding].ToString()
            .Split(',', StringSplitOptions.TrimEntries)
            .Contains(encoding, StringComparer.Ordinal);

    private void SetCompression(string encoding)
    {
        _compression = encoding == GrpcHeaders.Identity
            ? null
            : FindProvider(encoding) ?? throw new InvalidOperationException($"Could not find compression provider for '{encoding}'.");
        HttpContext.Response.Headers[GrpcHeaders.Encoding] = encoding;
    }
}
