using System.Net;
using Orleans.Inference.Interop.Tests.Envoy;
using Orleans.Inference.Interop.Tests.Http;
using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

/// <summary>A pool of which one of two model servers can't be connected to.</summary>
[Collection(InteropCollection.Name)]
public sealed class DeadServerTests(InteropSystem system)
{
    [EnvoyTheory]
    [InlineData("half-dead")]
    [InlineData("half-dead-by-metadata")]
    public async Task Post_OneServerIsDead_IsNeverPicked(string listener)
    {
        using var client = system.CreateClient(InteropSystem.Find(listener), HttpVersion.Version11);

        for (var i = 0; i < 20; i++)
        {
            var echo = await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(100));
            Assert.Equal(system.ModelServers[0].Address, echo.Server);
            Assert.Equal(echo.Server, echo.Destination);
        }
    }

    [EnvoyFact]
    public async Task Post_OnlyTheDeadServerMayServe_OriginalDestination503()
    {
        using var client = system.CreateClient(InteropSystem.HalfDead, HttpVersion.Version11);
        using var content = new ByteArrayContent(Bodies.OfLength(100));
        content.Headers.Add(EnvoyListener.SubsetHeader, system.DeadServer);

        using var response = await client.PostAsync(new Uri(Bodies.CompletionsPath, UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("upstream connect error", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await system.AwaitIdleAsync();
    }

    [EnvoyFact]
    public async Task Post_OnlyTheDeadServerMayServe_OverrideHostIsServedElsewhere()
    {
        using var client = system.CreateClient(InteropSystem.HalfDeadByMetadata, HttpVersion.Version11);

        var echo = await EnvoyRequests.PostAsync(client, Bodies.CompletionsPath, Bodies.OfLength(100), (EnvoyListener.SubsetHeader, system.DeadServer));

        // The header still names the pick; who has served, only the metadata of the response tells.
        Assert.Equal(system.DeadServer, echo.Destination);
        Assert.Contains(echo.Server, system.ModelServers.Select(server => server.Address));
        await system.AwaitIdleAsync();
    }
}
