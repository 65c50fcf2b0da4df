using System.Net;
using System.Text;
using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.Picker;
using Orleans.Inference.Interop.Tests.Programs;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests;

/// <summary>The picker's refusals as the HTTP client sees them.</summary>
[Collection(InteropCollection.Name)]
public sealed class RefusalTests(InteropSystem system)
{
    private const string DroppedReason = "x-llm-d-request-dropped-reason";
    private const string NoCandidates = "inference error: ServiceUnavailable - failed to find endpoint candidates for serving the request";

    [EnvoyTheory]
    [InlineData(BodyMode.FullDuplex, "1.1")]
    [InlineData(BodyMode.FullDuplex, "2.0")]
    [InlineData(BodyMode.Buffered, "1.1")]
    [InlineData(BodyMode.Buffered, "2.0")]
    public async Task Post_BodyIsNotJson_400WithTheReason(BodyMode mode, string version)
    {
        var (status, text) = await PostAsync(InteropSystem.With(mode), version, "this is not JSON");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith("inference error: BadRequest - error unmarshaling request bodyMap: ", text, StringComparison.Ordinal);
    }

    [EnvoyTheory]
    [InlineData(BodyMode.FullDuplex, "{\"prompt\":\"hello\"}")]
    [InlineData(BodyMode.FullDuplex, "{\"model\":17,\"prompt\":\"hello\"}")]
    [InlineData(BodyMode.Buffered, "{\"prompt\":\"hello\"}")]
    [InlineData(BodyMode.Buffered, "{\"model\":null,\"prompt\":\"hello\"}")]
    public async Task Post_NoModelNamed_400(BodyMode mode, string body)
    {
        var (status, text) = await PostAsync(InteropSystem.With(mode), "1.1", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("inference error: BadRequest - model not found in request body", text);
    }

    [EnvoyTheory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Post_BodyOf50Megabytes_413(string version)
    {
        var (status, text) = await PostTooLargeAsync(version, attempts: 10);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.StartsWith("inference error: RequestEntityTooLarge - the request body is larger than 33554432 bytes", text, StringComparison.Ordinal);
    }

    /// <summary>
    /// Envoy answers in the midst of the body and closes an HTTP/1.1 connection soon after; a client that still writes then, without reading, may see the reset
    /// before the answer. Such an attempt says nothing about the answer, so it is made again.
    /// </summary>
    private async Task<(HttpStatusCode Status, string Text)> PostTooLargeAsync(string version, int attempts)
    {
        while (true)
        {
            try
            {
                return await PostAsync(InteropSystem.FullDuplex, version, Encoding.ASCII.GetString(Bodies.OfLength(50_000_000)));
            }
            catch (HttpRequestException e) when (e.InnerException is IOException && version == "1.1" && --attempts > 0)
            {
                // the answer was lost with the connection
            }
        }
    }

    [EnvoyTheory]
    [InlineData("empty-pool")]
    [InlineData("empty-pool-buffered")]
    [InlineData("empty-pool-streamed")]
    [InlineData("unknown-pool")]
    public async Task Post_NoModelServers_503WithTheDroppedReason(string listener)
    {
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);
        using var content = new ByteArrayContent(Bodies.OfLength(100));

        using var response = await client.PostAsync(new Uri(Bodies.CompletionsPath, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("rejected-no-endpoints", response.Headers.GetValues(DroppedReason).Single());
        Assert.Equal(NoCandidates, await response.Content.ReadAsStringAsync());
        await system.AwaitIdleAsync();
    }

    [EnvoyTheory]
    [InlineData("empty-pool")]
    [InlineData("empty-pool-buffered")]
    [InlineData("empty-pool-streamed")]
    public async Task Get_PoolIsEmpty_500(string listener)
    {
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);

        using var response = await client.GetAsync(new Uri("/v1/models", UriKind.Relative));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("inference error: Internal - no pods available in datastore", await response.Content.ReadAsStringAsync());
        await system.AwaitIdleAsync();
    }

    [EnvoyTheory]
    [InlineData("full-duplex")]
    [InlineData("buffered")]
    [InlineData("streamed")]
    public async Task Post_SheddableWhileAllServersHaveQueues_429(string listener)
    {
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);
        try
        {
            foreach (var server in system.ModelServers)
            {
                server.Queued = 100;
            }

            // Until the scrapes show the queues, the request is served.
            (HttpStatusCode Status, string Text) answer = default;
            await Bounds.UntilAsync(
                async () => (answer = await PostAsync(client, Bodies.OfLength(100), InteropManifests.Sheddable)).Status != HttpStatusCode.OK, "a sheddable request is refused");

            Assert.Equal((HttpStatusCode.TooManyRequests, "inference error: ResourceExhausted - system saturated, sheddable request dropped"), answer);
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(client, Bodies.OfLength(100), objective: null)).Status);
        }
        finally
        {
            foreach (var server in system.ModelServers)
            {
                server.Queued = 0;
            }
        }

        await Bounds.UntilAsync(
            async () => (await PostAsync(client, Bodies.OfLength(100), InteropManifests.Sheddable)).Status == HttpStatusCode.OK, "a sheddable request is served again");
    }

    [EnvoyFact]
    public async Task Post_BufferedBodyLargerThanAGrpcMessage_500AndThePickerGoesOn()
    {
        using var client = system.CreateClient(InteropSystem.Buffered, HttpVersion.Version20);

        // Envoy makes one message of it, which is larger than the picker takes (--grpc-max-recv-msg-size, 4 MiB): the stream ends with RESOURCE_EXHAUSTED.
        var (status, _) = await PostAsync(client, Bodies.OfLength(5_000_000), objective: null);

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(client, Bodies.OfLength(100), objective: null)).Status);
        await system.AwaitIdleAsync();
    }

    private static async Task<(HttpStatusCode Status, string Text)> PostAsync(HttpClient client, byte[] body, string? objective)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Bodies.CompletionsPath, UriKind.Relative))
        {
            Content = new ByteArrayContent(body),
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.Add("x-llm-d-inference-objective", objective is null ? [] : [objective]);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, response.StatusCode == HttpStatusCode.OK ? "" : await response.Content.ReadAsStringAsync());
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(EnvoyListener listener, string version, string body)
    {
        using var client = system.CreateClient(listener, new Version(version));
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var response = await client.PostAsync(new Uri(Bodies.CompletionsPath, UriKind.Relative), content);
        var answer = (response.StatusCode, await response.Content.ReadAsStringAsync());
        await system.Picker.AwaitOpenStreamsAsync(0);
        return answer;
    }
}
