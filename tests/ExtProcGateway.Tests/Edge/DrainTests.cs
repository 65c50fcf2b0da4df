using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Http2;
using Orleans.Inference.ExtProcGateway.Tests.Grpc;
using Orleans.Inference.ExtProcGateway.Tests.Http2;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Edge;

public sealed class DrainTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Stop_CallsInFlight_MayEndAndNewOnesAreRefused()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc()));
        await host.Service.CallAsync(0);
        var stopped = host.Edge.StopAsync(Long, CancellationToken.None);

        // In two steps: the first one names no stream, and a call that was under way is still taken.
        var first = await client.ReadAsync(frame => frame.Type == Http2FrameType.GoAway);
        Assert.Equal((int.MaxValue, Http2ErrorCode.NoError), (first.Word, first.Code));
        var ping = await client.ReadAsync(frame => frame.Type == Http2FrameType.Ping);
        await client.SendAsync(Frame.Headers(3, Block.Grpc()), Frame.Data(3, Block.Message("late"), endStream: true));
        Assert.Equal(Block.Message("late"), (await client.ReadResponseAsync(3)).Body);

        await client.SendAsync(ping with { Flags = Http2FrameHeader.Ack });
        var second = await client.ReadAsync(frame => frame.Type == Http2FrameType.GoAway);
        Assert.Equal((3, Http2ErrorCode.NoError), (second.Word, second.Code));
        await client.SendAsync(Frame.Headers(5, Block.Grpc()));
        Assert.Equal(Http2ErrorCode.RefusedStream, (await client.ReadAsync(Http2FrameType.RstStream, 5)).Code);

        Assert.False(stopped.IsCompleted);
        await client.SendAsync(Frame.Data(1, Block.Message("end"), endStream: true));
        Assert.Equal(Block.Message("end"), (await client.ReadResponseAsync(1)).Body);
        Assert.Null(await client.TryReadAsync());
        await stopped.WaitAsync(RawClient.Patience);
        await host.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Stop_GraceIsOver_EndsCallsWithUnavailable()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Count)));
        var call = await host.Service.CallAsync(0);
        var stopped = host.Edge.StopAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal("14", (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
        Assert.Equal(GrpcAbort.ServerStopping, await call.End);
        await stopped.WaitAsync(RawClient.Patience);
        await host.AssertNothingLeftAsync();
        Assert.Equal(0, host.Edge.ConnectionCount);
    }

    [Fact]
    public async Task Stop_IdleConnections_ClosesThemAtOnce()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.ReadAllAsync();
        var stopped = host.Edge.StopAsync(Long, CancellationToken.None);
        var ping = await client.ReadAsync(frame => frame.Type == Http2FrameType.Ping);
        await client.SendAsync(ping with { Flags = Http2FrameHeader.Ack });
        Assert.Equal(1, await CountGoAwaysAsync(client));
        await stopped.WaitAsync(RawClient.Patience);
    }

    [Fact]
    public async Task Stop_PeerThatAnswersNoPing_LearnsTheLastStreamWithTheNextTick()
    {
        var time = new ManualTimeProvider();
        await using var host = await EdgeHost.StartAsync(time: time);
        await using var client = await host.ConnectAsync();
        await client.ReadAllAsync();
        host.Edge.BeginDrain();
        await client.ReadAsync(frame => frame.Type == Http2FrameType.GoAway);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, await CountGoAwaysAsync(client));
    }

    [Fact]
    public async Task Connection_SilentPeer_IsPingedAndThenDropped()
    {
        var time = new ManualTimeProvider();
        await using var host = await EdgeHost.StartAsync(time: time);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Count)));
        var call = await host.Service.CallAsync(0);
        await client.ReadAllAsync();
        time.Advance(TimeSpan.FromSeconds(36));
        await client.ReadAsync(frame => frame.Type == Http2FrameType.Ping && !frame.IsAck);
        Assert.Equal(0, call.Ends);
        time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(GrpcAbort.ConnectionLost, await call.End);
        await Eventually.TrueAsync(() => host.Edge.ConnectionCount == 0);
    }

    [Fact]
    public async Task Connection_PeerAnswersPings_IsKept()
    {
        var time = new ManualTimeProvider();
        await using var host = await EdgeHost.StartAsync(time: time);
        await using var client = await host.ConnectAsync();
        await client.ReadAllAsync();
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(36));
            var ping = await client.ReadAsync(frame => frame.Type == Http2FrameType.Ping && !frame.IsAck);
            await client.SendAsync(ping with { Flags = Http2FrameHeader.Ack });
            await client.ReadAllAsync();
        }

        Assert.Equal(1, host.Edge.ConnectionCount);
    }

    [Fact]
    public async Task Connection_NoPreface_IsDropped()
    {
        var time = new ManualTimeProvider();
        await using var host = await EdgeHost.StartAsync(time: time);
        await using var client = await RawClient.ConnectSilentlyAsync(host.Port);
        await Eventually.TrueAsync(() => host.Edge.ConnectionCount == 1);
        time.Advance(TimeSpan.FromSeconds(16));
        await Eventually.TrueAsync(() => host.Edge.ConnectionCount == 0);
    }

    [Fact]
    public async Task Connection_ClientGone_AbortsItsCalls()
    {
        await using var host = await EdgeHost.StartAsync();
        var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Count)));
        var call = await host.Service.CallAsync(0);
        await client.DisposeAsync();
        Assert.Equal(GrpcAbort.ConnectionLost, await call.End);
        await host.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Start_PortsOfPools_AreBoundAndTold()
    {
        await using var host = await EdgeHost.StartAsync(options =>
        {
            options.Listen.Add("default/a", 0);
            options.Listen.Add("default/b", 0);
        });
        var ports = (int[])[host.Port, host.Edge.PoolPorts["default/a"], host.Edge.PoolPorts["default/b"]];
        Assert.Equal(3, ports.Distinct().Count());
        for (var i = 0; i < ports.Length; i++)
        {
            await using var client = await RawClient.ConnectAsync(ports[i]);
            await client.SendAsync(Frame.Headers(1, Block.Grpc(), endStream: true));
            await client.ReadResponseAsync(1);
            Assert.Equal(ports[i], (await host.Service.CallAsync(i)).Call.LocalPort);
        }
    }

    private static async Task<int> CountGoAwaysAsync(RawClient client)
    {
        var count = 0;
        while (await client.TryReadAsync() is { } frame)
        {
            count += frame.Type == Http2FrameType.GoAway ? 1 : 0;
        }

        return count;
    }
}
