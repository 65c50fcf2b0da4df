using Envoy.Service.ExtProc.V3;
using Grpc.Core;
using GrpcMetadata = Grpc.Core.Metadata;
using Metadata = Envoy.Config.Core.V3.Metadata;

namespace Orleans.Inference.Simulator.ExtProc;

/// <summary>The client's end of one ext_proc stream, that is of one HTTP request.</summary>
/// <remarks>Sends may come from several threads and don't mix; only one read may be in progress.</remarks>
public sealed class ExtProcStream : IDisposable
{
    private readonly AsyncDuplexStreamingCall<ProcessingRequest, ProcessingResponse> _call;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private ProtocolConfiguration? _protocol;

    /// <param name="protocol">Goes with the first message.</param>
    /// <param name="headers">gRPC metadata of the call.</param>
    public ExtProcStream(
        ExternalProcessor.ExternalProcessorClient client, ProtocolConfiguration protocol, GrpcMetadata? headers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        _protocol = protocol;
        _call = client.Process(headers, cancellationToken: cancellationToken);
    }

    /// <summary>What every message carries as <c>metadata_context</c>. May be replaced between messages.</summary>
    public Metadata Context { get; set; } = new();

    /// <summary>Sends one message. Fills in what Envoy adds to it: <see cref="Context"/>, and on the first one the protocol configuration.</summary>
    /// <param name="cancellationToken">Its cancellation resets the stream.</param>
    /// <exception cref="RpcException">The stream is over.</exception>
    public async Task SendAsync(ProcessingRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        await _sending.WaitAsync(cancellationToken);
        try
        {
            message.MetadataContext ??= Context;
            message.ProtocolConfig = _protocol;
            _protocol = null;
            await _call.RequestStream.WriteAsync(message, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next answer; null when the picker has ended the stream with OK.</summary>
    /// <exception cref="RpcException">It ended in another way.</exception>
    public async Task<ProcessingResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        return await _call.ResponseStream.MoveNext(cancellationToken) ? _call.ResponseStream.Current : null;
    }

    /// <summary>Says that nothing more will come: Envoy's way to say that the client has left.</summary>
    public async Task HalfCloseAsync(CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await _call.RequestStream.CompleteAsync();
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Resets the stream: Envoy's normal end. <see cref="Dispose"/> does the same.</summary>
    public void Reset() => _call.Dispose();

    /// <inheritdoc/>
    public void Dispose() => _call.Dispose();
}
