using System.Net;
using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

[Collection(InteropCollection.Name)]
public sealed class BodyTests(InteropSystem system)
{
    /// <summary>Around the sizes of the picker's pieces and of Envoy's, which repeats the last piece of some bodies of about 1 MB and more.</summary>
    private static readonly int[] Lengths = [0, 1, 30, 62_000, 62_001, 1_000_000, 1_048_575, 1_048_576, 1_048_577, 1_500_000, 2_000_000];

    /// <summary>
    /// Over HTTP/1.1 and BUFFERED_PARTIAL, Envoy 1.40 sends what it has once that is more than its buffer's limit. Where that is all of the body and its end comes, without bytes, while the
    /// answer is on its way, it loses the end, and the request hangs, whoever answers. It reads at most a second limit at once, so that of these lengths something is always left.
    /// </summary>
    private static readonly int[] PartialLengths = [.. Lengths.Where(length => length <= EnvoyConfiguration.BufferLimit), 2_500_000];

    public static TheoryData<BodyMode, string, int> Cases()
    {
        var cases = new TheoryData<BodyMode, string, int>();
        foreach (var mode in Enum.GetValues<BodyMode>())
        {
            foreach (var version in new[] { "1.1", "2.0" })
            {
                foreach (var length in mode == BodyMode.BufferedPartial && version == "1.1" ? PartialLengths : Lengths)
                {
                    // HTTP/2 streams have a buffer of their own in Envoy, 16 MiB by default.
                    if (mode != BodyMode.Buffered || version == "2.0" || length < EnvoyConfiguration.BufferLimit)
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
        using var client = system.CreateClient(InteropSystem.With(mode), new Version(version));
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
    [InlineData(BodyMode.BufferedPartial, "1.1")]
    [InlineData(BodyMode.Streamed, "1.1")]
    [InlineData(BodyMode.Streamed, "2.0")]
    [InlineData(BodyMode.None, "1.1")]
    [InlineData(BodyMode.None, "2.0")]
    public async Task Get_WithoutBody_ReachesThePickedServer(BodyMode mode, string version)
    {
        using var client = system.CreateClient(InteropSystem.With(mode), new Version(version));

        var echo = Echo.Parse(await client.GetByteArrayAsync(new Uri("/v1/models", UriKind.Relative)));

        Assert.Equal("GET", echo.Method);
        Assert.Equal("/v1/models", echo.Path);
        Assert.Equal(echo.Server, echo.Destination);
    }

    [EnvoyTheory]
    [InlineData(BodyMode.FullDuplex)]
    [InlineData(BodyMode.Buffered)]
    [InlineData(BodyMode.Streamed)]
    [InlineData(BodyMode.None)]
    public async Task Post_ContentLength0_IsARequestWithoutBody(BodyMode mode)
    {
        using var client = system.CreateClient(InteropSystem.With(mode), HttpVersion.Version11);

        // A completions request whose body came would be refused: an empty one is no JSON.
        var echo = await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, []);

        Assert.Equal(0, echo.Length);
        Assert.Equal(echo.Server, echo.Destination);
    }

    [EnvoyTheory]
    [InlineData("full-duplex", 100, null)]
    [InlineData("full-duplex", 100_000, null)]
    [InlineData("no-response-body", 100_000, null)]
    [InlineData("buffered", 100_000, "100000")]
    [InlineData("buffered-partial", 100_000, null)]
    [InlineData("streamed", 100_000, null)]
    [InlineData("no-bodies", 100_000, "100000")]
    public async Task Post_BodyMode_SettlesWhetherTheModelServerIsToldTheLength(string listener, int length, string? told)
    {
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);

        var echo = await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(length));

        Assert.Equal(length, echo.Length);
        Assert.Equal(told, echo.Headers.GetValueOrDefault("content-length"));
        Assert.Equal(told is null ? "chunked" : null, echo.Headers.GetValueOrDefault("transfer-encoding"));
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
}
