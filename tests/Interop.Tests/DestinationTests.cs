using System.Net;
using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.ModelServers;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

[Collection(InteropCollection.Name)]
public sealed class DestinationTests(InteropSystem system)
{
    private static readonly EnvoyListener[] WholePool =
    [
        InteropSystem.FullDuplex, InteropSystem.Buffered, InteropSystem.BufferedPartial, InteropSystem.Streamed, InteropSystem.NoBodies, InteropSystem.NoResponseBody,
        InteropSystem.FullDuplexByMetadata, InteropSystem.BufferedByMetadata, InteropSystem.StreamedByMetadata, InteropSystem.PlainAuthority,
    ];

    public static TheoryData<string> Listeners { get; } = [.. WholePool.Select(listener => listener.Name)];

    [EnvoyTheory]
    [MemberData(nameof(Listeners))]
    public async Task Post_OneServerHasAQueue_TheOtherServesAll(string listener)
    {
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);
        foreach (var (busy, idle) in new[] { (0, 1), (1, 0) })
        {
            system.ModelServers[busy].Queued = 100;
            system.ModelServers[idle].Queued = 0;
            var inARow = 0;
            var limit = DateTime.UtcNow.AddSeconds(30);

            // Until the scrapes show the queue, any server may be picked; from then on never the busy one, nor by turns.
            while (inARow < 12 && DateTime.UtcNow < limit)
            {
                var echo = await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(100));
                Assert.Equal(echo.Server, echo.Destination);
                inARow = echo.Server == system.ModelServers[idle].Address ? inARow + 1 : 0;
            }

            system.ModelServers[busy].Queued = 0;
            Assert.Equal(12, inARow);
        }
    }

    [EnvoyTheory]
    [InlineData("full-duplex", true)]
    [InlineData("full-duplex", false)]
    [InlineData("buffered", true)]
    [InlineData("buffered", false)]
    [InlineData("buffered-partial", true)]
    [InlineData("buffered-partial", false)]
    [InlineData("streamed", true)]
    [InlineData("streamed", false)]
    [InlineData("no-bodies", true)]
    [InlineData("no-bodies", false)]
    [InlineData("no-response-body", true)]
    [InlineData("no-response-body", false)]
    public async Task Request_ClientNamesADestinationItself_IsOverruled(string listener, bool hasBody)
    {
        await using var stranger = await ScriptedModelServer.StartAsync(system.Scripts);
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);
        using var request = new HttpRequestMessage(hasBody ? HttpMethod.Post : HttpMethod.Get, new Uri(hasBody ? Bodies.CompletionsPath : "/v1/models", UriKind.Relative));
        request.Content = hasBody ? new ByteArrayContent(Bodies.OfLength(100)) : null;
        request.Headers.Add("x-gateway-destination-endpoint", stranger.Address);

        using var response = await client.SendAsync(request);
        var echo = Echo.Parse(await response.Content.ReadAsByteArrayAsync());

        Assert.Contains(echo.Server, system.ModelServers.Select(server => server.Address));
        Assert.Equal(echo.Server, echo.Destination);
    }
}
