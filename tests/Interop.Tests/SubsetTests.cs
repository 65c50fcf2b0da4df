using System.Net;
using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

/// <summary>Envoy's filters write the subset into the metadata that it forwards with each message.</summary>
[Collection(InteropCollection.Name)]
public sealed class SubsetTests(InteropSystem system)
{
    private const int Requests = 12;

    [EnvoyTheory]
    [InlineData("full-duplex", 0)]
    [InlineData("full-duplex", 1)]
    [InlineData("buffered", 0)]
    [InlineData("buffered", 1)]
    [InlineData("buffered-partial", 1)]
    [InlineData("streamed", 0)]
    [InlineData("streamed", 1)]
    [InlineData("no-bodies", 0)]
    [InlineData("no-bodies", 1)]
    [InlineData("full-duplex-by-metadata", 0)]
    [InlineData("full-duplex-by-metadata", 1)]
    public async Task Post_SubsetIsATextWithOneAddress_OnlyThatServerServes(string listener, int server)
    {
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);
        var address = system.ModelServers[server].Address;

        for (var i = 0; i < Requests; i++)
        {
            Assert.Equal(address, (await PostAsync(client, $"127.0.0.9:1,{address}")).Server);
        }
    }

    [EnvoyFact]
    public async Task Post_SubsetIsAListWithOneAddress_OnlyThatServerServes()
    {
        using var client = system.CreateClient(InteropSystem.SubsetOfOne, HttpVersion.Version11);

        for (var i = 0; i < Requests; i++)
        {
            Assert.Equal(system.ModelServers[0].Address, (await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(100))).Server);
        }
    }

    [EnvoyFact]
    public async Task Post_SubsetIsAnIpWithoutPort_AllItsPortsMayServe()
    {
        using var client = system.CreateClient(InteropSystem.FullDuplex, HttpVersion.Version11);

        Assert.Contains((await PostAsync(client, "127.0.0.1")).Server, system.ModelServers.Select(server => server.Address));
    }

    [EnvoyTheory]
    [InlineData("full-duplex", "127.0.0.9:1")]
    [InlineData("full-duplex", "127.0.0.9")]
    [InlineData("buffered", "127.0.0.9:1,127.0.0.9:2")]
    [InlineData("streamed", "127.0.0.9:1")]
    [InlineData("subset-of-none", null)]
    public async Task Post_SubsetHasNoServerOfThePool_503(string listener, string? subset)
    {
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);
        using var content = new ByteArrayContent(Bodies.OfLength(100));
        content.Headers.Add(EnvoyListener.SubsetHeader, subset is null ? [] : [subset]);

        using var response = await client.PostAsync(new Uri(Bodies.CompletionsPath, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("rejected-no-endpoints", response.Headers.GetValues("x-llm-d-request-dropped-reason").Single());
    }

    private static Task<ModelServers.Echo> PostAsync(HttpClient client, string subset) =>
        EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(100), (EnvoyListener.SubsetHeader, subset));
}
