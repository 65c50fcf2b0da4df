using System.IO.Compression;
using Contracts.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace Contracts.Grpc;

public sealed class CompressionTests
{
    private static readonly ByteString Compressible = ByteString.CopyFrom(new byte[1_000_000]);
    private static readonly Metadata AskForGzip = new() { { "grpc-internal-encoding-request", "gzip" } };

    [Fact]
    public async Task Gzip_OfResponses_IsOnTheWire()
    {
        await using var server = await ProbeServer.StartAsync(
            behavior => behavior.Unary = (_, _) => Task.FromResult(new Answer { Payload = Compressible }),
            options => options.ResponseCompressionAlgorithm = "gzip");
        using var http = new HttpClient();
        using var request = RawRequest.Create(server.Address, "/contracts.probe.v1.Probe/Unary", new Ask());
        request.Headers.TryAddWithoutValidation("grpc-accept-encoding", "identity,gzip");

        using var response = await http.SendAsync(request).WaitAsync(ProbeServer.Patience);
        var body = await response.Content.ReadAsByteArrayAsync().WaitAsync(ProbeServer.Patience);

        Assert.Equal("gzip", response.Headers.GetValues("grpc-encoding").Single());
        Assert.Equal(1, body[0]);
        Assert.InRange(body.Length, 10, 100_000);
        using var payload = new GZipStream(new MemoryStream(body[5..]), CompressionMode.Decompress);
        Assert.Equal(Compressible, Answer.Parser.ParseFrom(payload).Payload);
    }

    [Fact]
    public async Task Gzip_NotAcceptedByTheClient_IsNotUsed()
    {
        await using var server = await ProbeServer.StartAsync(configure: options => options.ResponseCompressionAlgorithm = "gzip");
        using var http = new HttpClient();
        using var request = RawRequest.Create(server.Address, "/contracts.probe.v1.Probe/Unary", new Ask { Payload = Compressible });

        using var response = await http.SendAsync(request).WaitAsync(ProbeServer.Patience);
        var body = await response.Content.ReadAsByteArrayAsync().WaitAsync(ProbeServer.Patience);

        Assert.Equal(0, body[0]);
        Assert.Equal(new Answer { Payload = Compressible }.CalculateSize() + 5, body.Length);
    }

    [Fact]
    public async Task Gzip_BothWays_CarriesStreams()
    {
        string? encoding = null;
        await using var server = await ProbeServer.StartAsync(
            behavior => behavior.Converse = async (asks, answers, context) =>
            {
                encoding = context.GetHttpContext().Request.Headers["grpc-encoding"];
                await foreach (var ask in asks.ReadAllAsync())
                {
                    await answers.WriteAsync(ProbeBehavior.Echo(ask));
                }
            },
            options => options.ResponseCompressionAlgorithm = "gzip");
        using var call = server.CreateClient().Converse(AskForGzip);

        for (var i = 0; i < 10; i++)
        {
            await call.RequestStream.WriteAsync(new Ask { Number = i, Payload = Compressible }).WaitAsync(ProbeServer.Patience);
            Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
            Assert.Equal(i, call.ResponseStream.Current.Number);
            Assert.Equal(Compressible, call.ResponseStream.Current.Payload);
        }

        Assert.Equal("gzip", encoding);
    }

    [Fact]
    public async Task Gzip_OfARequest_IsOnTheWireUnlessTheMessageForbidsIt()
    {
        var bodies = new List<byte[]>();
        await using var server = await ProbeServer.StartAsync();
        var client = server.CreateClient(options => options.HttpHandler = new RecordingHandler(bodies));

        await client.UnaryAsync(new Ask { Payload = Compressible }, AskForGzip).ResponseAsync.WaitAsync(ProbeServer.Patience);
        var plain = new CallOptions(AskForGzip, writeOptions: new WriteOptions(WriteFlags.NoCompress));
        await client.UnaryAsync(new Ask { Payload = Compressible }, plain).ResponseAsync.WaitAsync(ProbeServer.Patience);

        Assert.Equal(1, bodies[0][0]);
        Assert.InRange(bodies[0].Length, 10, 100_000);
        Assert.Equal(0, bodies[1][0]);
        Assert.InRange(bodies[1].Length, 1_000_000, 1_000_100);
    }

    [Fact]
    public async Task Gzip_AskedForInResponseHeaders_CompressesTheCall()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = async (_, context) =>
        {
            await context.WriteResponseHeadersAsync(AskForGzip);
            return new Answer { Payload = Compressible };
        });
        using var call = server.CreateClient().UnaryAsync(new Ask());

        var answer = await call.ResponseAsync.WaitAsync(ProbeServer.Patience);

        Assert.Equal(Compressible, answer.Payload);
    }

    [Fact]
    public async Task UnknownEncoding_OfARequest_IsUnimplementedAndNamesTheKnown()
    {
        await using var server = await ProbeServer.StartAsync();
        using var http = new HttpClient();
        using var request = RawRequest.Create(server.Address, "/contracts.probe.v1.Probe/Unary", new Ask { Number = 1 }, compressed: 1);
        request.Headers.TryAddWithoutValidation("grpc-encoding", "lz77");

        using var response = await http.SendAsync(request).WaitAsync(ProbeServer.Patience);

        Assert.Equal("12", response.Headers.GetValues("grpc-status").Single());
        Assert.Contains("gzip", string.Join(',', response.Headers.GetValues("grpc-accept-encoding")), StringComparison.Ordinal);
    }

    /// <summary>Keeps the bodies of requests, which have to end by themselves.</summary>
    private sealed class RecordingHandler(List<byte[]> bodies) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            bodies.Add(body);
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = request.Content.Headers.ContentType;
            request.Content = content;
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
