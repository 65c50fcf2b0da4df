using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Envoy.Service.ExtProc.V3;
using Orleans.Inference.Interop.Tests.Http;

namespace Orleans.Inference.Interop.Tests.BadInput;

/// <summary>Calls of ext_proc whose bytes are the test's own.</summary>
internal static class RawGrpc
{
    private const int PrefixSize = 5;

    /// <summary>A client that shares one connection, as Envoy does.</summary>
    public static HttpClient Open(int port) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(120) };

    /// <summary>The five bytes before a message.</summary>
    public static byte[] Prefix(uint length, byte flag = 0)
    {
        var prefix = new byte[PrefixSize];
        prefix[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(prefix.AsSpan(1), length);
        return prefix;
    }

    /// <summary>A message with its prefix.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> message) => [.. Prefix((uint)message.Length), .. message];

    /// <summary>Sends bytes and half-closes; the gRPC status and the answers.</summary>
    public static async Task<(int Status, List<ProcessingResponse> Answers)> CallAsync(HttpClient client, string authority, byte[] bytes)
    {
        using var request = Request(authority, new ByteArrayContent(bytes));
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var status = response.TrailingHeaders.TryGetValues("grpc-status", out var trailer) ? trailer : response.Headers.GetValues("grpc-status");
        return (int.Parse(status.Single(), CultureInfo.InvariantCulture), Parse(body));
    }

    /// <summary>Sends bytes without an end; the stream is reset once they have gone out.</summary>
    public static async Task VanishAsync(HttpClient client, string authority, byte[] bytes)
    {
        using var leave = new CancellationTokenSource();
        using var content = new UnfinishedContent(bytes);
        var answer = SendAsync(client, authority, content, leave.Token);
        await content.Sent.WaitAsync(TimeSpan.FromSeconds(120));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    /// <summary>Sends a request of which nothing but its end matters.</summary>
    public static async Task SendAsync(HttpClient client, string authority, HttpContent content, CancellationToken cancellation = default)
    {
        using var request = Request(authority, content);
        using var response = await client.SendAsync(request, cancellation);
    }

    private static HttpRequestMessage Request(string authority, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/envoy.service.ext_proc.v3.ExternalProcessor/Process", UriKind.Relative))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Host = authority;
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return request;
    }

    private static List<ProcessingResponse> Parse(ReadOnlySpan<byte> body)
    {
        var answers = new List<ProcessingResponse>();
        while (!body.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(body[1..]);
            answers.Add(ProcessingResponse.Parser.ParseFrom(body.Slice(PrefixSize, length)));
            body = body[(PrefixSize + length)..];
        }

        return answers;
    }
}
