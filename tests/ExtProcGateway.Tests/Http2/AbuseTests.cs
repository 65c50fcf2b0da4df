using Orleans.Inference.ExtProcGateway.Http2;
using Orleans.Inference.ExtProcGateway.Tests.Edge;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2;

/// <summary>Floods of frames end with ENHANCE_YOUR_CALM, and others are served as before.</summary>
public sealed class AbuseTests
{
    public static TheoryData<string> Floods => ["ping", "settings", "priority", "unknown", "empty data", "tiny data", "reset", "window update", "continuation"];

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task Receive_Flood_EndsTheConnectionCalmly(string kind)
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(Grpc.ProbeService.Count)), Frame.Data(1, [0, 0, 1, 0, 0]));
        await client.ReadAllAsync();
        if (kind == "continuation")
        {
            await client.SendAsync(Frame.Headers(3, [], endHeaders: false));
        }

        var error = client.ReadConnectionErrorAsync();
        try
        {
            var next = 3;
            for (var i = 0; i < 60_000 && !error.IsCompleted; i += 100)
            {
                var batch = new List<byte>();
                for (var j = 0; j < 100; j++)
                {
                    batch.AddRange(Make(kind, ref next));
                }

                await client.SendAsync([.. batch]);
            }
        }
        catch (IOException)
        {
            // The server has closed: what it said is looked at below.
        }

        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, await error);
        await host.AssertNothingLeftAsync();
        await host.AssertServesAsync();
    }

    /// <summary>Envoy's normal end of a call is a reset: any number of them is welcome when the calls said something.</summary>
    [Fact]
    public async Task Receive_ResetsOfCallsThatWereAnswered_AreNoFlood()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync((Http2PeerSettings.InitialWindowSize, 1 << 20));
        await client.SendAsync(Frame.WindowUpdate(0, 1 << 30));
        for (var id = 1; id < 2 * 20_000; id += 200)
        {
            await client.SendAsync([.. Enumerable.Range(0, 100).SelectMany(i => (byte[])
            [
                .. Frame.Headers(id + 2 * i, Block.Grpc()).ToBytes(), .. Frame.Data(id + 2 * i, Block.Message("x")).ToBytes(), .. Frame.Reset(id + 2 * i).ToBytes(),
            ])]);
            await client.ReadAllAsync();
        }

        Assert.Equal(20_000, host.Service.Calls.Count);
        await host.AssertNothingLeftAsync();
    }

    /// <summary>10,000 streams opened and reset at once: none is left, and the connection lives or was ended, but nothing else happens.</summary>
    [Fact]
    public async Task Receive_RapidReset_LeavesNothing()
    {
        await using var host = await EdgeHost.StartAsync();
        await using (var client = await host.ConnectAsync())
        {
            try
            {
                for (var id = 1; id < 2 * 10_000; id += 200)
                {
                    await client.SendAsync([.. Enumerable.Range(0, 100).SelectMany(i =>
                        (byte[])[.. Frame.Headers(id + 2 * i, Block.Grpc()).ToBytes(), .. Frame.Reset(id + 2 * i).ToBytes()])]);
                }
            }
            catch (IOException)
            {
                // Ended by the server.
            }

            await host.AssertServesAsync();
        }

        await Eventually.TrueAsync(() => host.Edge.ConnectionCount == 0);
        await host.AssertNothingLeftAsync();
    }

    private static byte[] Make(string kind, ref int next)
    {
        switch (kind)
        {
            case "ping":
                return Frame.Ping().ToBytes();
            case "settings":
                return Frame.Settings().ToBytes();
            case "priority":
                return new Frame(Http2FrameType.Priority, 0, 1, [0, 0, 0, 0, 1]).ToBytes();
            case "unknown":
                return new Frame((Http2FrameType)0x77, 0xff, 9, []).ToBytes();
            case "empty data":
                return Frame.Data(1, []).ToBytes();
            case "tiny data":
                return Frame.Data(1, [1]).ToBytes();
            case "window update":
                return Frame.WindowUpdate(1, 1).ToBytes();
            case "continuation":
                return Frame.Continuation(3, [], endHeaders: false).ToBytes();
            default:
                byte[] bytes = [.. Frame.Headers(next, Block.Grpc()).ToBytes(), .. Frame.Reset(next).ToBytes()];
                next += 2;
                return bytes;
        }
    }
}
