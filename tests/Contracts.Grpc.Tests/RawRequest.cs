using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Contracts.Grpc;

/// <summary>gRPC requests made by hand, to see what is on the wire.</summary>
internal static class RawRequest
{
    public static HttpRequestMessage Create(Uri address, string path, IMessage? message = null, byte compressed = 0)
    {
        var payload = message?.ToByteArray() ?? [];
        var frame = new byte[5 + payload.Length];
        frame[0] = compressed;
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        return Create(address, path, frame);
    }

    public static HttpRequestMessage Create(Uri address, string path, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        return request;
    }
}
