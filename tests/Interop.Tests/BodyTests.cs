using System.Net;
using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

[Collection(InteropCollection.Name)]
public sealed class BodyTests(InteropSystem system)
{
    public static TheoryData<BodyMode, string, int> Cases()
    {
        var cases = new TheoryData<BodyMode, string, int>();
        foreach (var mode in Enum.GetValues<BodyMode>())
        {
            foreach (var version in new[] { "1.1", "2.0" })
            {
                foreach (var length in new[] { 0, 1, 30, 62_000, 62_001, 1_000_000, 2_000_000 })
                {
                    // HTTP/2 streams have a buffer of their own in Envoy, 16 MiB by default.
                    if (mode == BodyMode.FullDuplex || version == "2.0" || length < EnvoyConfiguration.BufferLimit)
                    {
                        cases.Add(mode, version, length);
                    }
                }
            }
        }

        return cases;
    }

    [EnvoyTheory]
    [MemberData(nameof(Cases))]
    public async Task Post_BodyOfLength_ReachesThePickedServerUnchanged(BodyMode mode, string version, int length)
    {
        using var client = system.CreateClient(Listener(mode), new Version(version));
        var body = Bodies.OfLength(length);

        var echo = await EnvoyRequests.PostAsync(client, Bodies.PathFor(length), body);

        Assert.Equal("POST", echo.Method);
        Assert.Equal(length, echo.Length);
        Assert.Equal(Echo.HashOf(body), echo.Hash);
        Assert.Equal(echo.Server, echo.Destination);
    }

    [EnvoyFact]
    public async Task Post_OverTheBufferLimitOfBufferedMode_EnvoyAnswers413AndThePickerGoesOn()
    {
        using var client = system.CreateClient(InteropSystem.Buffered, HttpVersion.Version11);
        using var content = new ByteArrayContent(Bodies.OfLength(2_000_000));

        using var refused = await client.PostAsync(new Uri(Bodies.CompletionsPath, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Equal(30, (await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(30))).Length);
        await system.Picker.AwaitOpenStreamsAsync(0);
    }

    [EnvoyTheory]
    [InlineData(BodyMode.FullDuplex, "1.1")]
    [InlineData(BodyMode.FullDuplex, "2.0")]
    [InlineData(BodyMode.Buffered, "1.1")]
    [InlineData(BodyMode.Buffered, "2.0")]
    public async Task Get_WithoutBody_ReachesThePickedServer(BodyMode mode, string version)
    {
        using var client = system.CreateClient(Listener(mode), new Version(version));

        var echo = Echo.Parse(await client.GetByteArrayAsync(new Uri("/v1/models", UriKind.Relative)));

        Assert.Equal("GET", echo.Method);
        Assert.Equal("/v1/models", echo.Path);
        Assert.Equal(echo.Server, echo.Destination);
    }

    [EnvoyTheory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Post_LargeBodiesInParallel_AllArriveUnchanged(string version)
    {
        using var client = system.CreateClient(InteropSystem.FullDuplex, new Version(version));
        var body = Bodies.OfLength(2_000_000);
        var hash = Echo.HashOf(body);

        var echoes = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, body)));

        Assert.All(echoes, echo => Assert.Equal(hash, echo.Hash));
    }

    [EnvoyFact]
    public async Task Post_ThroughTlsWithANameThatIsNoHost_IsServed()
    {
        using var client = system.CreateClient(InteropSystem.Tls, HttpVersion.Version11);
        var body = Bodies.OfLength(1_000_000);

        var echo = await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, body);

        Assert.Equal(Echo.HashOf(body), echo.Hash);
        Assert.Equal(echo.Server, echo.Destination);
    }

    private static EnvoyListener Listener(BodyMode mode) => mode == BodyMode.FullDuplex ? InteropSystem.FullDuplex : InteropSystem.Buffered;
}
