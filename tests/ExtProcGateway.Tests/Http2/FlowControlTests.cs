using System.Globalization;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Http2;
using Orleans.Inference.ExtProcGateway.Tests.Edge;
using Orleans.Inference.ExtProcGateway.Tests.Grpc;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2;

public sealed class FlowControlTests
{
    private const ushort InitialWindow = Http2PeerSettings.InitialWindowSize;

    [Fact]
    public async Task Send_WindowOfOneByte_SendsByteByByte()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync((InitialWindow, 1));
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Data(1, Block.Message("ab"), endStream: true));
        var expected = Block.Message("ab");
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal([expected[i]], (await client.ReadAsync(Http2FrameType.Data, 1)).Payload);
            if (i < expected.Length - 1)
            {
                Assert.DoesNotContain(await client.ReadAllAsync(), frame => frame.StreamId == 1);
                await client.SendAsync(Frame.WindowUpdate(1, 1));
            }
        }

        // The trailers need no window.
        Assert.Equal("0", Block.Decode((await client.ReadAsync(Http2FrameType.Headers, 1)).Payload)["grpc-status"]);
        await host.AssertNothingLeftAsync();
    }

    /// <summary>The window shrinks below what is sent already, becomes negative, and opens again.</summary>
    [Fact]
    public async Task Send_InitialWindowChangesInMidFlight_WindowMayBecomeNegative()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync((InitialWindow, 100));
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Give)), Frame.Data(1, Block.Message("995")));
        Assert.Equal(100, (await client.ReadAsync(Http2FrameType.Data, 1)).Payload.Length);

        await client.SendAsync(Frame.Settings((InitialWindow, 40)));
        await client.SendAsync(Frame.WindowUpdate(1, 60));
        Assert.DoesNotContain(await client.ReadAllAsync(), frame => frame.Type == Http2FrameType.Data);

        await client.SendAsync(Frame.WindowUpdate(1, 7));
        Assert.Equal(7, (await client.ReadAsync(Http2FrameType.Data, 1)).Payload.Length);

        await client.SendAsync(Frame.Settings((InitialWindow, 1000)));
        Assert.Equal(893, (await client.ReadAsync(Http2FrameType.Data, 1)).Payload.Length);
    }

    [Fact]
    public async Task Send_ConnectionWindow_IsSharedInTurnByStreams()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync((InitialWindow, 1 << 20));
        await client.SendAsync(
            Frame.Headers(1, Block.Grpc(ProbeService.Give)), Frame.Data(1, Block.Message("300000")),
            Frame.Headers(3, Block.Grpc(ProbeService.Give)), Frame.Data(3, Block.Message("300000")));
        var sent = await ReadDataAsync(client, Http2ConnectionLimits.DefaultWindow);
        Assert.DoesNotContain(await client.ReadAllAsync(), frame => frame.Type == Http2FrameType.Data);

        // From here on both wait, and each WINDOW_UPDATE is shared frame by frame.
        await client.SendAsync(Frame.WindowUpdate(0, 4 * 16_384));
        var shared = await ReadDataAsync(client, 4 * 16_384);
        Assert.Equal(2, shared.Count(frame => frame.StreamId == 1));
        Assert.Equal(2, shared.Count(frame => frame.StreamId == 3));

        await client.SendAsync(Frame.WindowUpdate(0, 1 << 20));
        var rest = await ReadDataAsync(client, 600_010 - Http2ConnectionLimits.DefaultWindow - 4 * 16_384);
        foreach (var id in (int[])[1, 3])
        {
            byte[] body = [.. sent.Concat(shared).Concat(rest).Where(frame => frame.StreamId == id).SelectMany(frame => frame.Payload)];
            Assert.Equal([0, .. Frame.BigEndian(300_000), .. Enumerable.Range(0, 300_000).Select(i => (byte)i)], body);
        }
    }

    [Fact]
    public async Task Send_LargerFramesAllowed_UsesThem()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync((InitialWindow, 1 << 20), (Http2PeerSettings.MaxFrameSize, 60_000));
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Give)), Frame.Data(1, Block.Message("50000")));
        Assert.Equal(50_005, (await client.ReadAsync(Http2FrameType.Data, 1)).Payload.Length);
    }

    /// <summary>1.5 MB in, 1.5 MB out, as Envoy's large bodies.</summary>
    [Fact]
    public async Task Echo_LargeBodies_ArriveWhole()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync((InitialWindow, 1 << 24));
        await client.SendAsync(Frame.WindowUpdate(0, 1 << 24));
        var body = new byte[1_500_000];
        new Random(1).NextBytes(body);
        var message = Block.Message(body);
        await client.SendAsync(Frame.Headers(1, Block.Grpc()));
        for (var at = 0; at < message.Length; at += 16_384)
        {
            await client.SendAsync(Frame.Data(1, message[at..Math.Min(message.Length, at + 16_384)]));
        }

        await client.SendAsync(Frame.Data(1, [], endStream: true));
        Assert.Equal(message, (await client.ReadResponseAsync(1)).Body);
    }

    /// <summary>
    /// A peer that sends and never reads its answers' windows open: what one stream may send ends with its own window, and memory with it, while
    /// other streams go on.
    /// </summary>
    [Fact]
    public async Task Receive_AnswersAreNotTaken_StreamGetsNoNewWindow()
    {
        var limits = new Http2ConnectionLimits { StreamWindow = 100_000, StreamPendingLimit = 50_000 };
        await using var host = await EdgeHost.StartAsync(limits: limits);
        await using var client = await host.ConnectAsync((InitialWindow, 0));
        await client.SendAsync(Frame.Headers(1, Block.Grpc()));
        for (var sent = 0; sent < 100_000; sent += 10_000)
        {
            await client.SendAsync(Frame.Data(1, Block.Message(new byte[9_995])));
        }

        var frames = await client.ReadAllAsync();
        var granted = frames.Where(frame => frame.Type == Http2FrameType.WindowUpdate && frame.StreamId == 1).Sum(frame => frame.Word);
        Assert.InRange(granted, 0, 60_000);
        var call = await host.Service.CallAsync(0);
        Assert.Equal(100_000, call.Call.PendingBytes);

        // When the answers are taken, the window comes back.
        await client.SendAsync(Frame.WindowUpdate(1, 100_000), Frame.WindowUpdate(0, 100_000));
        Assert.InRange((await client.ReadAsync(Http2FrameType.WindowUpdate, 1)).Word, 50_000, 100_000);
    }

    [Fact]
    public async Task Send_MoreIsHeldThanTheConnectionMay_ResetsTheStreamOnly()
    {
        await using var host = await EdgeHost.StartAsync(limits: new Http2ConnectionLimits { ConnectionPendingLimit = 200_000 });
        await using var client = await host.ConnectAsync((InitialWindow, 0));
        await client.SendAsync(
            Frame.Headers(1, Block.Grpc(ProbeService.Give)), Frame.Data(1, Block.Message("100000")),
            Frame.Headers(3, Block.Grpc(ProbeService.Give)), Frame.Data(3, Block.Message("150000")));
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, (await client.ReadAsync(Http2FrameType.RstStream, 3)).Code);
        Assert.Equal(GrpcAbort.BadMessage, await (await host.Service.CallAsync(1)).End);
        await client.SendAsync(Frame.WindowUpdate(1, 200_000), Frame.WindowUpdate(0, 200_000));
        Assert.Equal(100_005, (await ReadDataAsync(client, 100_005)).Sum(frame => frame.Payload.Length));
    }

    [Fact]
    public async Task Held_AnswersThatWaitAndMessagesThatAreNotComplete_AreCountedUntilTheyGo()
    {
        await using var host = await EdgeHost.StartAsync();
        var client = await host.ConnectAsync((InitialWindow, 0));
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Give)), Frame.Data(1, Block.Message("100000")));
        await Eventually.TrueAsync(() => host.Held.Count == 100_005);
        await client.SendAsync(Frame.Headers(3, Block.Grpc(ProbeService.Give)), Frame.Data(3, [0, .. Frame.BigEndian(5_000), .. new byte[1_000]]));
        await Eventually.TrueAsync(() => host.Held.Count == 100_005 + 1_005);

        await client.SendAsync(Frame.WindowUpdate(1, 200_000), Frame.WindowUpdate(0, 200_000));
        Assert.Equal(100_005, (await ReadDataAsync(client, 100_005)).Sum(frame => frame.Payload.Length));
        await Eventually.TrueAsync(() => host.Held.Count == 1_005);

        // The connection goes, and what it held with it.
        await client.DisposeAsync();
        await host.AssertNothingLeftAsync();
        Assert.Equal(0, host.Held.Count);
    }

    /// <summary>A peer whose socket takes nothing: answers wait in their streams, not in the transport, and all arrive when it reads again.</summary>
    [Fact]
    public async Task Send_SlowReader_GetsAllInTheEnd()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await RawClient.ConnectSilentlyAsync(host.Port, receiveBuffer: 8192);
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await client.SendAsync(Frame.Settings((InitialWindow, int.MaxValue)), Frame.WindowUpdate(0, int.MaxValue - 65_535));
        const int Streams = 8;
        const int Size = 8_000_000;
        for (var id = 1; id < 2 * Streams; id += 2)
        {
            await client.SendAsync(Frame.Headers(id, Block.Grpc(ProbeService.Give)), Frame.Data(id, Block.Message(Size.ToString(CultureInfo.InvariantCulture))));
        }

        var last = await host.Service.CallAsync(Streams - 1);
        await Eventually.TrueAsync(() => last.Received > 0);
        Assert.InRange(host.Service.Calls.Sum(call => call.Call.PendingBytes), 1L, (long)Streams * (Size + 5));
        var frames = await ReadDataAsync(client, (long)Streams * (Size + 5));
        Assert.All(frames.GroupBy(frame => frame.StreamId), stream => Assert.Equal(Size + 5, stream.Sum(frame => frame.Payload.Length)));
        Assert.All(host.Service.Calls, call => Assert.Equal(0, call.Call.PendingBytes));
    }

    /// <summary>A peer that asks without end and reads no answers is not read any more; then it is cut off.</summary>
    [Fact]
    public async Task Receive_AnswersToPingsAreNotRead_StopsReading()
    {
        await using var host = await EdgeHost.StartAsync(limits: new Http2ConnectionLimits { AbuseBurst = int.MaxValue / 2 });
        await using var client = await RawClient.ConnectSilentlyAsync(host.Port, receiveBuffer: 8192);
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await client.SendAsync(Frame.Settings());
        byte[] pings = [.. Enumerable.Range(0, 4000).SelectMany(i => Frame.Ping((ulong)i).ToBytes())];
        var writing = Task.Run(async () =>
        {
            // Far more than all buffers between the two hold.
            for (var i = 0; i < 1000; i++)
            {
                await client.Stream.WriteAsync(pings);
            }
        });
        var last = -1L;
        await Eventually.TrueAsync(() =>
        {
            var now = host.Edge.FramesRead;
            var stands = now == last && now > 4000;
            last = now;
            return stands;
        });
        Assert.False(writing.IsCompleted);
        Assert.InRange(last, 4000, 3_999_999);
        await host.AssertServesAsync();
        await client.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => writing.WaitAsync(RawClient.Patience));
        await Eventually.TrueAsync(() => host.Edge.ConnectionCount == 0);
    }

    private static async Task<List<Frame>> ReadDataAsync(RawClient client, long bytes)
    {
        var frames = new List<Frame>();
        while (bytes > 0)
        {
            var frame = await client.ReadAsync(frame => frame.Type == Http2FrameType.Data);
            frames.Add(frame);
            bytes -= frame.Payload.Length;
        }

        Assert.Equal(0, bytes);
        return frames;
    }
}
