using System.Net;
using System.Net.Http.Headers;
using Grpc.Framing;

namespace Grpc.Net.Client;

/// <summary>A request of many messages, open until its writer ends it.</summary>
internal sealed class StreamingContent : HttpContent
{
    private readonly RequestStream _requests;

    public StreamingContent(RequestStream requests)
    {
        _requests = requests;
        Headers.ContentType = new MediaTypeHeaderValue(GrpcHeaders.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The headers leave now: the server may be the first to speak.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        await _requests.OpenAsync(stream).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
