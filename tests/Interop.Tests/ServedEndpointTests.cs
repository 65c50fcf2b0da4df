using Orleans.Inference.Interop.Tests.Programs;

namespace Orleans.Inference.Interop.Tests;

/// <summary><c>destination-endpoint-served-verifier</c>: the response's header names who has really served, as Envoy tells it.</summary>
public sealed class ServedEndpointTests(VerifiedSystem system) : IClassFixture<VerifiedSystem>
{
    [EnvoyTheory]
    [InlineData("full-duplex-by-metadata")]
    [InlineData("streamed-by-metadata")]
    [InlineData("buffered-by-metadata")]
    public async Task Post_ThePickServes_IsNamed(string listener)
    {
        foreach (var server in system.ModelServers)
        {
            var (echo, verdict) = await system.PostAsync(InteropSystem.Find(listener), server.Address);

            Assert.Equal(server.Address, echo.Destination);
            Assert.Equal(server.Address, echo.Server);
            Assert.Equal(server.Address, verdict);
        }
    }

    [EnvoyFact]
    public async Task Post_ThePickIsDead_TheOneThatServesInsteadIsNamed()
    {
        var (echo, verdict) = await system.PostAsync(InteropSystem.HalfDeadByMetadata, system.DeadServer);

        Assert.Equal(system.DeadServer, echo.Destination);
        Assert.NotEqual(system.DeadServer, echo.Server);
        Assert.Equal(echo.Server, verdict);
    }

    /// <summary>A cluster of type ORIGINAL_DST writes no such metadata.</summary>
    [EnvoyFact]
    public async Task Post_EnvoyDoesNotTellWhoServes_IsSaid()
    {
        var server = system.ModelServers[0].Address;

        var (echo, verdict) = await system.PostAsync(InteropSystem.FullDuplex, server);

        Assert.Equal(server, echo.Server);
        Assert.Equal("fail: missing destination endpoint served metadata", verdict);
    }
}
