using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Orleans.Inference.ExtProcGateway.Tests.Edge;
using Orleans.Inference.ExtProcGateway.Tests.Http2;

namespace Orleans.Inference.ExtProcGateway.Tests.Grpc;

/// <summary>Clients that were not written for these tests.</summary>
public sealed class InteropTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HttpClient_ManyCallsAtOnce_AreAllAnswered(bool tls)
    {
        await using var host = await EdgeHost.StartAsync(options => options.SecureServing = tls);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        using var client = new HttpClient(handler);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var message = Block.Message(new byte[i * 500]);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{(tls ? "https" : "http")}://localhost:{host.Port}{ProbeService.Echo}")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(message) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
            };
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            using var response = await client.SendAsync(request).WaitAsync(RawClient.Patience);
            Assert.Equal(message, await response.Content.ReadAsByteArrayAsync());
            Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
        }));
        await host.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task HttpClient_NoGrpc_ReadsTheAnswer()
    {
        await using var host = await EdgeHost.StartAsync();
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.GetAsync($"http://localhost:{host.Port}/").WaitAsync(RawClient.Patience);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("This port speaks gRPC only.\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task GrpcChannel_HealthOnTheExtProcPort_IsAnswered()
    {
        await using var host = await EdgeHost.StartAsync(options => options.HealthChecking = true);
        host.Health.Ready = true;
        using var channel = GrpcChannel.ForAddress($"http://localhost:{host.Port}");
        var client = new global::Grpc.Health.V1.Health.HealthClient(channel);
        var response = await client.CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow + RawClient.Patience);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);

        using var watch = client.Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RawClient.Patience));
        host.Health.Ready = false;
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RawClient.Patience));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task GrpcChannel_UnknownMethod_IsUnimplemented()
    {
        await using var host = await EdgeHost.StartAsync();
        using var channel = GrpcChannel.ForAddress($"http://localhost:{host.Port}");
        var client = new global::Grpc.Health.V1.Health.HealthClient(channel);
        var exception = await Assert.ThrowsAsync<RpcException>(() => client.CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow + RawClient.Patience).ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
    }
}
