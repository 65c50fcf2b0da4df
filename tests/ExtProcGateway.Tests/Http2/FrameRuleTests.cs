using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Http2;
using Orleans.Inference.ExtProcGateway.Tests.Edge;

namespace Orleans.Inference.ExtProcGateway.Tests.Http2;

/// <summary>What h2spec does not look at, or not with calls that live.</summary>
public sealed class FrameRuleTests
{
    [Fact]
    public async Task Connect_BytesThatAreNoPreface_EndsWithGoAway()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await RawClient.ConnectSilentlyAsync(host.Port);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        Assert.Equal(Http2ErrorCode.ProtocolError, await client.ReadConnectionErrorAsync());
        await host.AssertServesAsync();
    }

    [Fact]
    public async Task Connect_PrefaceInSingleBytes_IsServed()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await RawClient.ConnectSilentlyAsync(host.Port);
        byte[] all =
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame.Settings().ToBytes(),
            .. Frame.Headers(1, Block.Grpc()).ToBytes(), .. Frame.Data(1, Block.Message("slow"), endStream: true).ToBytes(),
        ];
        foreach (var value in all)
        {
            await client.SendAsync([value]);
        }

        Assert.Equal(Block.Message("slow"), (await client.ReadResponseAsync(1)).Body);
    }

    [Fact]
    public async Task ConnectionError_CallsInFlight_AreAbortedOnce()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(Grpc.ProbeService.Count)), Frame.Headers(3, Block.Grpc(Grpc.ProbeService.Count)));
        await host.Service.CallAsync(1);
        await client.SendAsync(Frame.Data(0, [1]));
        Assert.Equal(Http2ErrorCode.ProtocolError, await client.ReadConnectionErrorAsync());
        await host.AssertNothingLeftAsync();
        Assert.Equal([GrpcAbort.ConnectionLost, GrpcAbort.ConnectionLost], await Task.WhenAll(host.Service.Calls.Select(call => call.End)));
    }

    [Fact]
    public async Task Reset_FromTheClient_AbortsTheCallAndSparesTheOthers()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Headers(3, Block.Grpc()), Frame.Data(1, Block.Message("a")), Frame.Reset(1));
        Assert.Equal(GrpcAbort.ResetByClient, await (await host.Service.CallAsync(0)).End);
        await client.SendAsync(Frame.Data(3, Block.Message("b"), endStream: true));
        Assert.Equal(Block.Message("b"), (await client.ReadResponseAsync(3)).Body);
        await host.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Headers_InManyContinuations_AreOneRequest()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        var block = Block.Grpc();
        await client.SendAsync(Frame.Headers(1, block[..1], endHeaders: false));
        for (var i = 1; i < block.Length; i++)
        {
            await client.SendAsync(Frame.Continuation(1, block[i..(i + 1)], endHeaders: i == block.Length - 1));
        }

        await client.SendAsync(Frame.Data(1, Block.Message("c"), endStream: true));
        Assert.Equal(Block.Message("c"), (await client.ReadResponseAsync(1)).Body);
    }

    [Fact]
    public async Task Data_Padded_IsUnpaddedAndItsPaddingCountsForTheWindow()
    {
        await using var host = await EdgeHost.StartAsync(limits: new Http2ConnectionLimits { StreamWindow = 1000 });
        await using var client = await host.ConnectAsync();
        byte[] payload = [200, .. Block.Message("padded"), .. new byte[200]];
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), new Frame(Http2FrameType.Data, Http2FrameHeader.Padded, 1, payload));
        await client.SendAsync(new Frame(Http2FrameType.Data, Http2FrameHeader.Padded, 1, [200, .. new byte[200]]));
        await client.SendAsync(new Frame(Http2FrameType.Data, Http2FrameHeader.Padded, 1, [200, .. new byte[200]]));
        var update = await client.ReadAsync(Http2FrameType.WindowUpdate, 1);
        Assert.InRange(update.Word, payload.Length + 201, 1000);
        await client.SendAsync(Frame.Data(1, [], endStream: true));
        Assert.Equal("0", (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
        Assert.Equal("padded"u8.ToArray(), Assert.Single((await host.Service.CallAsync(0)).Messages));
    }

    [Fact]
    public async Task Data_BeyondTheStreamsWindow_ResetsTheStream()
    {
        await using var host = await EdgeHost.StartAsync(limits: new Http2ConnectionLimits { StreamWindow = 100 });
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Data(1, new byte[101]));
        Assert.Equal(Http2ErrorCode.FlowControlError, (await client.ReadAsync(Http2FrameType.RstStream, 1)).Code);
        Assert.Equal(GrpcAbort.BadMessage, await (await host.Service.CallAsync(0)).End);
        await host.AssertServesAsync();
    }

    [Fact]
    public async Task Trailers_OfTheRequest_EndIt()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Data(1, Block.Message("t")), Frame.Headers(1, Block.Of(("x-some", "thing")), endStream: true));
        var (body, trailers) = await client.ReadResponseAsync(1);
        Assert.Equal(Block.Message("t"), body);
        Assert.Equal("0", trailers["grpc-status"]);
    }

    [Fact]
    public async Task Headers_ListTooLarge_Answers431AndKeepsTheConnection()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        var large = Block.Grpc(more: [.. Enumerable.Range(0, 70).Select(i => ($"x-{i}", new string('v', 1000)))]);
        await client.SendAsync(Frame.Headers(1, large[..16000], endStream: true, endHeaders: false));
        for (var at = 16000; at < large.Length; at += 16000)
        {
            var end = Math.Min(large.Length, at + 16000);
            await client.SendAsync(Frame.Continuation(1, large[at..end], endHeaders: end == large.Length));
        }

        Assert.Equal("431", (await client.ReadResponseAsync(1)).Trailers[":status"]);
        await client.SendAsync(Frame.Headers(3, Block.Grpc()), Frame.Data(3, Block.Message("d"), endStream: true));
        Assert.Equal(Block.Message("d"), (await client.ReadResponseAsync(3)).Body);
    }

    [Fact]
    public async Task Headers_MoreStreamsThanAllowed_AreRefused()
    {
        await using var host = await EdgeHost.StartAsync(limits: new Http2ConnectionLimits { MaxStreams = 2 });
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Headers(3, Block.Grpc()), Frame.Headers(5, Block.Grpc()));
        Assert.Equal(Http2ErrorCode.RefusedStream, (await client.ReadAsync(Http2FrameType.RstStream, 5)).Code);
        await client.SendAsync(Frame.Reset(1), Frame.Headers(7, Block.Grpc()), Frame.Data(7, Block.Message("e"), endStream: true));
        Assert.Equal(Block.Message("e"), (await client.ReadResponseAsync(7)).Body);
    }

    [Fact]
    public async Task Response_FirstBlock_GivesUpTheDynamicTable()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync((Http2PeerSettings.HeaderTableSize, 0));
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Data(1, Block.Message("f"), endStream: true));
        Assert.Equal(0x20, (await client.ReadAsync(Http2FrameType.Headers, 1)).Payload[0]);
        Assert.NotEqual(0x20, (await client.ReadAsync(Http2FrameType.Headers, 1)).Payload[0]);
    }
}
