using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Service.ExtProc.V3;
using Grpc.Core;
using Grpc.Net.Client;
using Orleans.Inference.Simulator.ExtProc;

namespace Orleans.Inference.TestKit;

/// <summary>Speaks to a picker as Envoy does.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class ExtProcClient : IDisposable
{
    private readonly GrpcChannel _channel;

    /// <param name="address"><c>host:port</c> for plain HTTP/2, <c>https://host:port</c> for TLS (the certificate is not verified).</param>
    /// <param name="authority">The <c>:authority</c> of the calls, if not host and port.</param>
    /// <param name="connect">Opens the connection's stream in place of TCP.</param>
    public ExtProcClient(string address, string? authority = null, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null)
    {
        _channel = ExtProcChannel.Open(address, authority: authority, connect: connect);
        Client = new ExternalProcessor.ExternalProcessorClient(_channel);
    }

    /// <summary>The generated client.</summary>
    public ExternalProcessor.ExternalProcessorClient Client { get; }

    /// <summary>The channel, for other services on the same port (health).</summary>
    public GrpcChannel Channel => _channel;

    /// <summary>Begins the stream of one HTTP request.</summary>
    public ExtProcExchange Open(
        ProcessingMode.Types.BodySendMode requestBody = ProcessingMode.Types.BodySendMode.FullDuplexStreamed,
        ProcessingMode.Types.BodySendMode responseBody = ProcessingMode.Types.BodySendMode.FullDuplexStreamed,
        Metadata? headers = null)
    {
        var protocol = new ProtocolConfiguration { RequestBodyMode = requestBody, ResponseBodyMode = responseBody };
        return new ExtProcExchange(new ExtProcStream(Client, protocol, headers, CancellationToken.None), requestBody);
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();
}
