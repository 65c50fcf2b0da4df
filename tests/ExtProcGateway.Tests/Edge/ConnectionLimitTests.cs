using Orleans.Inference.ExtProcGateway.Tests.Http2;

namespace Orleans.Inference.ExtProcGateway.Tests.Edge;

public sealed class ConnectionLimitTests
{
    [Fact]
    public async Task Connect_OneMoreThanTheLimit_IsClosedAndTheOthersGoOn()
    {
        await using var host = await EdgeHost.StartAsync(options => options.MaxConnections = 2);
        await using var first = await host.ConnectAsync();
        await first.ReadAllAsync();
        await using (var second = await host.ConnectAsync())
        {
            await second.ReadAllAsync();
            await using var third = await RawClient.ConnectSilentlyAsync(host.Port);
            Assert.Null(await third.TryReadAsync());
            await second.ReadAllAsync();
        }

        // A place that is free again is taken again.
        await Eventually.TrueAsync(() => host.Edge.ConnectionCount == 1);
        await EventuallyServesAsync(host);
        await first.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Data(1, Block.Message("still"), endStream: true));
        Assert.Equal(Block.Message("still"), (await first.ReadResponseAsync(1)).Body);
    }

    /// <summary>The listener counts a connection a moment longer than the edge does.</summary>
    private static async Task EventuallyServesAsync(EdgeHost host)
    {
        for (var tries = 0; ; tries++)
        {
            await using var client = await RawClient.ConnectSilentlyAsync(host.Port);
            if (await client.TryReadAsync() is not null)
            {
                return;
            }

            Assert.True(tries < 1000);
        }
    }
}
