using System.Net.Sockets;
using Orleans.Inference.ExtProcGateway.Http2;
using Orleans.Inference.ExtProcGateway.Tests.Edge;
using Orleans.Inference.ExtProcGateway.Tests.Grpc;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2;

/// <summary>Valid sessions with bytes and frames changed at random, by a fixed seed: the process goes on, and no call is left.</summary>
[Collection(AloneCollection.Name)]
public sealed class FuzzTests
{
    private const int Sessions = 1500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Receive_MutatedSessions_NothingIsLeft(int seed)
    {
        await using var host = await EdgeHost.StartAsync(options => options.MaxReceiveMessageSize = 10_000);
        var random = new Random(seed);
        var memory = 0L;
        for (var i = 0; i < Sessions; i++)
        {
            await PlayAsync(host.Port, Mutate(Session(random), random), random);
            if (i == Sessions / 3)
            {
                memory = await SettleAsync(host);
            }
        }

        var growth = await SettleAsync(host) - memory;
        Assert.InRange(growth, long.MinValue, 16L << 20);
        await host.AssertServesAsync();
        await host.AssertNothingLeftAsync();
    }

    private static async Task<long> SettleAsync(EdgeHost host)
    {
        await Eventually.TrueAsync(() => host.Edge.ConnectionCount == 0);
        await host.AssertNothingLeftAsync();
        host.Service.Calls.Clear();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static List<Frame> Session(Random random)
    {
        string[] paths = [ProbeService.Echo, ProbeService.Count, ProbeService.Give, ProbeService.Refuse, ProbeService.Throw, "/none"];
        var frames = new List<Frame> { Frame.Settings((Http2PeerSettings.InitialWindowSize, (uint)random.Next(70_000))) };
        for (var id = 1; id < 2 * random.Next(2, 8); id += 2)
        {
            frames.Add(Frame.Headers(id, Block.Grpc(paths[random.Next(paths.Length)], more: ("grpc-timeout", $"{random.Next(1, 100)}S"))));
            for (var n = random.Next(4); n > 0; n--)
            {
                frames.Add(Frame.Data(id, random.Next(4) == 0 ? [.. Block.Message(new byte[random.Next(200)])] : Block.Message("77"), endStream: random.Next(3) == 0));
            }

            switch (random.Next(6))
            {
                case 0:
                    frames.Add(Frame.Reset(id));
                    break;
                case 1:
                    frames.Add(Frame.WindowUpdate(id, random.Next(1, 1000)));
                    break;
                case 2:
                    frames.Add(Frame.Ping());
                    break;
                case 3:
                    frames.Add(Frame.Settings((Http2PeerSettings.InitialWindowSize, (uint)random.Next(70_000))));
                    break;
            }
        }

        return frames;
    }

    private static byte[] Mutate(List<Frame> frames, Random random)
    {
        for (var n = random.Next(3); n > 0; n--)
        {
            var at = random.Next(frames.Count);
            switch (random.Next(5))
            {
                case 0:
                    frames.RemoveAt(at);
                    break;
                case 1:
                    frames.Insert(at, frames[random.Next(frames.Count)]);
                    break;
                case 2:
                    frames[at] = frames[at] with { StreamId = random.Next(12) };
                    break;
                case 3:
                    frames[at] = frames[at] with { Type = (Http2FrameType)random.Next(11), Flags = (byte)random.Next(256) };
                    break;
                default:
                    var payload = new byte[random.Next(40)];
                    random.NextBytes(payload);
                    frames[at] = frames[at] with { Payload = payload };
                    break;
            }

            if (frames.Count == 0)
            {
                break;
            }
        }

        byte[] bytes = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. frames.SelectMany(frame => frame.ToBytes())];
        for (var n = random.Next(4); n > 0; n--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(5) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    /// <summary>Sends all in pieces, reads sometimes a little, and goes.</summary>
    private static async Task PlayAsync(int port, byte[] bytes, Random random)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port).WaitAsync(RawClient.Patience);
        var stream = tcp.GetStream();
        try
        {
            for (var at = 0; at < bytes.Length;)
            {
                var count = Math.Min(bytes.Length - at, random.Next(1, 400));
                await stream.WriteAsync(bytes.AsMemory(at, count)).AsTask().WaitAsync(RawClient.Patience);
                at += count;
            }

            if (random.Next(2) == 0)
            {
                tcp.Client.Shutdown(SocketShutdown.Send);
                var buffer = new byte[4096];
                while (await stream.ReadAsync(buffer).AsTask().WaitAsync(RawClient.Patience) > 0)
                {
                }
            }
        }
        catch (IOException)
        {
            // Cut off by the server, as a broken session may be.
        }
    }
}
