using System.Globalization;
using System.IO.Compression;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Http2;
using Orleans.Inference.ExtProcGateway.Tests.Edge;
using Orleans.Inference.ExtProcGateway.Tests.Http2;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Grpc;

public sealed class GrpcCallTests
{
    [Fact]
    public async Task Messages_SeveralInOneFrame_AllArrive()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        byte[] three = [.. Block.Message("one"), .. Block.Message(""), .. Block.Message("three")];
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Data(1, three, endStream: true));
        Assert.Equal(three, (await client.ReadResponseAsync(1)).Body);
        Assert.Equal(3, (await host.Service.CallAsync(0)).Messages.Count);
    }

    [Fact]
    public async Task Messages_CutAtEveryByte_ArriveWhole()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        byte[] three = [.. Block.Message("one"), .. Block.Message(""), .. Block.Message("three")];
        for (var cut = 0; cut <= three.Length; cut++)
        {
            var id = 2 * cut + 1;
            await client.SendAsync(Frame.Headers(id, Block.Grpc()), Frame.Data(id, three[..cut]));
            await client.ReadAllAsync();
            await client.SendAsync(Frame.Data(id, three[cut..], endStream: true));
            Assert.Equal("0", (await client.ReadResponseAsync(id)).Trailers["grpc-status"]);
            Assert.Equal(["one"u8.ToArray(), [], "three"u8.ToArray()], (await host.Service.CallAsync(cut)).Messages);
        }
    }

    [Fact]
    public async Task OpenCalls_HoweverTheyEnd_AreCountedWhileTheyLast()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var first = await host.ConnectAsync();
        await using (var second = await host.ConnectAsync())
        {
            await first.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Headers(3, Block.Grpc(ProbeService.Count)), Frame.Headers(5, Block.Grpc("/test.Probe/Nothing")));
            await second.SendAsync(Frame.Headers(1, Block.Grpc()));
            await host.Service.CallAsync(2);
            await Eventually.TrueAsync(() => host.Calls.Count == 3);

            await first.SendAsync(Frame.Data(1, Block.Message("end"), endStream: true));
            await Eventually.TrueAsync(() => host.Calls.Count == 2);
            await first.SendAsync(Frame.Reset(3));
            await Eventually.TrueAsync(() => host.Calls.Count == 1);
        }

        await host.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Message_LargerThanAllowed_IsResourceExhausted()
    {
        await using var host = await EdgeHost.StartAsync(options => options.MaxReceiveMessageSize = 1000);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Data(1, Block.Message(new byte[1000])), Frame.Data(1, [0, 0, 0, 3, 0xe9, 1, 2, 3]));
        var (body, trailers) = await client.ReadResponseAsync(1);
        Assert.Equal(1005, body.Length);
        Assert.Equal("8", trailers["grpc-status"]);
        Assert.Contains("1001", trailers["grpc-message"], StringComparison.Ordinal);
        Assert.Equal(Http2ErrorCode.NoError, (await client.ReadAsync(Http2FrameType.RstStream, 1)).Code);
        Assert.Equal(GrpcAbort.BadMessage, await (await host.Service.CallAsync(0)).End);

        // What was under way is dropped without harm.
        await client.SendAsync(Frame.Data(1, new byte[900]), Frame.Headers(3, Block.Grpc()), Frame.Data(3, Block.Message("on"), endStream: true));
        Assert.Equal(Block.Message("on"), (await client.ReadResponseAsync(3)).Body);
    }

    [Fact]
    public async Task Answer_LargerThanMayBeSent_IsResourceExhausted()
    {
        await using var host = await EdgeHost.StartAsync(options => options.MaxSendMessageSize = 1000);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Give)), Frame.Data(1, Block.Message("1000")), Frame.Data(1, [.. Block.Message("1001"), .. Block.Message("10")]));
        var (body, trailers) = await client.ReadResponseAsync(1);
        Assert.Equal(1005, body.Length);
        Assert.Equal("8", trailers["grpc-status"]);
        Assert.Contains("1001", trailers["grpc-message"], StringComparison.Ordinal);
        Assert.Equal(GrpcAbort.AnswerTooLarge, await (await host.Service.CallAsync(0)).End);
        await host.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Answer_LargerThanMayBeSentAndThenTheEnd_IsResourceExhausted()
    {
        await using var host = await EdgeHost.StartAsync(options => options.MaxSendMessageSize = 100);
        await using var client = await host.ConnectAsync();

        // Answers and ends in one go.
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Count)), Frame.Data(1, Block.Message(new byte[200]), endStream: true));
        var (body, trailers) = await client.ReadResponseAsync(1);
        Assert.Empty(body);
        Assert.Equal("8", trailers["grpc-status"]);
        Assert.Null(await (await host.Service.CallAsync(0)).End);
        await host.AssertNothingLeftAsync();
        await host.AssertServesAsync();
    }

    [Fact]
    public async Task Message_CutOffByTheEnd_IsInternal()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Data(1, [0, 0, 0, 0, 9, 1], endStream: true));
        Assert.Equal("13", (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
        Assert.Equal(GrpcAbort.BadMessage, await (await host.Service.CallAsync(0)).End);
    }

    [Fact]
    public async Task Message_Gzip_IsDecompressed()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync((Http2PeerSettings.InitialWindowSize, 1 << 20));
        var body = new byte[60_000];
        await client.SendAsync(
            Frame.Headers(1, Block.Grpc(more: ("grpc-encoding", "gzip"))),
            Frame.Data(1, [.. Block.Message(Gzip(body), flag: 1), .. Block.Message("plain")], endStream: true));
        byte[] expected = [.. Block.Message(body), .. Block.Message("plain")];
        Assert.Equal(expected, (await client.ReadResponseAsync(1)).Body);
    }

    [Fact]
    public async Task Message_GzipBomb_IsResourceExhausted()
    {
        await using var host = await EdgeHost.StartAsync(options => options.MaxReceiveMessageSize = 100_000);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(
            Frame.Headers(1, Block.Grpc(more: ("grpc-encoding", "gzip"))), Frame.Data(1, Block.Message(Gzip(new byte[10_000_000]), flag: 1), endStream: true));
        Assert.Equal("8", (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
        await host.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("gzip", 1)] // not gzip at all
    [InlineData("identity", 1)]
    [InlineData("gzip", 2)]
    public async Task Message_CompressionThatDoesNotFit_IsInternal(string encoding, byte flag)
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(more: ("grpc-encoding", encoding))), Frame.Data(1, Block.Message("abc"u8.ToArray(), flag)));
        Assert.Equal("13", (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
        await host.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Headers_UnknownEncoding_IsUnimplementedAndNamesThoseThatAre()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(more: ("grpc-encoding", "br"))));
        var trailers = (await client.ReadResponseAsync(1)).Trailers;
        Assert.Equal("12", trailers["grpc-status"]);
        Assert.Equal("identity,gzip", trailers["grpc-accept-encoding"]);
        Assert.Equal(Http2ErrorCode.NoError, (await client.ReadAsync(Http2FrameType.RstStream, 1)).Code);
        Assert.Empty(host.Service.Calls);
    }

    [Fact]
    public async Task Headers_UnknownMethod_IsUnimplemented()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc("/no.Such/Method"), endStream: true));
        var trailers = (await client.ReadResponseAsync(1)).Trailers;
        Assert.Equal(("200", "application/grpc", "12"), (trailers[":status"], trailers["content-type"], trailers["grpc-status"]));
    }

    [Theory]
    [InlineData(":method", "PUT", "405")]
    [InlineData("content-type", "application/json", "415")]
    [InlineData("content-type", "application/grpcish", "415")]
    public async Task Headers_NoGrpc_IsAnsweredInHttp(string name, string value, string status)
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(more: (name, value))), Frame.Data(1, [1, 2, 3]), Frame.Data(1, [], endStream: true));
        Assert.Equal(status, Block.Decode((await client.ReadAsync(Http2FrameType.Headers, 1)).Payload)[":status"]);
        Assert.True((await client.ReadAsync(frame => frame.EndStream)).EndStream);
        Assert.Empty(host.Service.Calls);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task Headers_GrpcWithSubtype_IsServed(string contentType)
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(more: ("content-type", contentType)), endStream: true));
        Assert.Equal("0", (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
    }

    [Fact]
    public async Task Complete_BeforeTheClientEnds_SendsStatusAndResets()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Refuse)), Frame.Data(1, [.. Block.Message("x"), .. Block.Message("dropped")]));
        var trailers = (await client.ReadResponseAsync(1)).Trailers;
        Assert.Equal(("5", "no such thing: 100 %25 %C3%A4%0A"), (trailers["grpc-status"], trailers["grpc-message"]));
        Assert.Equal(Http2ErrorCode.NoError, (await client.ReadAsync(Http2FrameType.RstStream, 1)).Code);
        await host.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Handler_Throws_IsUnknownAndTheConnectionLives()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Throw)), Frame.Data(1, Block.Message("x")));
        Assert.Equal("2", (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
        Assert.Equal(GrpcAbort.HandlerFailed, await (await host.Service.CallAsync(0)).End);
        await client.SendAsync(Frame.Headers(3, Block.Grpc()), Frame.Data(3, Block.Message("y"), endStream: true));
        Assert.Equal(Block.Message("y"), (await client.ReadResponseAsync(3)).Body);
    }

    [Fact]
    public async Task Deadline_Passes_EndsTheCall()
    {
        var time = new ManualTimeProvider();
        await using var host = await EdgeHost.StartAsync(time: time);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Count, more: ("grpc-timeout", "1500m"))), Frame.Headers(3, Block.Grpc(ProbeService.Count)));
        await host.Service.CallAsync(1);
        time.Advance(TimeSpan.FromMilliseconds(1499));
        Assert.DoesNotContain(await client.ReadAllAsync(), frame => frame.StreamId == 1);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("4", (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
        Assert.Equal(GrpcAbort.DeadlineExceeded, await (await host.Service.CallAsync(0)).End);
        Assert.Equal(0, (await host.Service.CallAsync(1)).Ends);
    }

    [Fact]
    public async Task Deadline_CallEndsBefore_TimerIsGone()
    {
        var time = new ManualTimeProvider();
        await using var host = await EdgeHost.StartAsync(time: time);
        await using var client = await host.ConnectAsync();
        var before = time.ActiveTimers;
        await client.SendAsync(Frame.Headers(1, Block.Grpc(more: ("grpc-timeout", "10S"))), Frame.Data(1, Block.Message("z"), endStream: true));
        await client.ReadResponseAsync(1);
        Assert.Equal(before, time.ActiveTimers);
    }

    [Theory]
    [InlineData("0m", "4")]
    [InlineData("m", "13")]
    [InlineData("123456789m", "13")]
    [InlineData("-1m", "13")]
    [InlineData("5x", "13")]
    public async Task Headers_TimeoutThatEndsBeforeTheCall_IsAnsweredAtOnce(string timeout, string status)
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(more: ("grpc-timeout", timeout))));
        Assert.Equal(status, (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
        Assert.Empty(host.Service.Calls);
    }

    [Theory]
    [InlineData("1H", 3600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("4m", 4)]
    [InlineData("5000u", 5)]
    [InlineData("6000000n", 6)]
    public void TryParse_EachUnit_GivesTheTime(string text, int milliseconds)
    {
        Assert.True(GrpcTimeout.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var timeout));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), timeout);
    }

    [Fact]
    public async Task Post_FromOtherThreads_RunsInTheTurnAndIsDroppedWhenTheCallIsOver()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(ProbeService.Count)));
        var call = await host.Service.CallAsync(0);
        var inTurn = 0;
        var most = 0;
        var done = 0;
        Parallel.For(0, 1000, _ => call.Call.Post(
            c =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inTurn));
                c.Give(10);
                Interlocked.Decrement(ref inTurn);
                done++;
            },
            call));
        await Eventually.TrueAsync(() => Volatile.Read(ref done) == 1000);
        Assert.Equal(1, most);
        await client.SendAsync(Frame.Data(1, [], endStream: true));
        Assert.Equal(1001 * 15 - 10, (await client.ReadResponseAsync(1)).Body.Length);

        // The stream's object serves another call by now.
        await client.SendAsync(Frame.Headers(3, Block.Grpc(ProbeService.Count)));
        await host.Service.CallAsync(1);
        call.Call.Post(c => c.Give(10), call);
        call.Give(10);
        call.Call.Complete(GrpcStatusCode.Internal);
        Assert.DoesNotContain(await client.ReadAllAsync(), frame => frame.StreamId is 1 or 3);
        Assert.Equal(0, (await host.Service.CallAsync(1)).Ends);
    }

    [Theory]
    [InlineData("outbound|9002||epp-a.default.svc.cluster.local")]
    [InlineData("extension/ns/name")]
    [InlineData("epp.default:9002")]
    [InlineData("")]
    public async Task Authority_WhateverItIs_ReachesTheHandlerAsItCame(string authority)
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(
            Frame.Headers(1, Block.Grpc(authority: authority)), Frame.Headers(3, Block.Grpc(authority: authority)), Frame.Data(3, Block.Message("g"), endStream: true));
        Assert.Equal(Block.Message("g"), (await client.ReadResponseAsync(3)).Body);
        var (first, second) = (await host.Service.CallAsync(0), await host.Service.CallAsync(1));
        Assert.Equal(authority, first.Call.Authority);
        Assert.Same(first.Call.Authority, second.Call.Authority);
        Assert.Same(first.Call.Path, second.Call.Path);
        Assert.Equal(host.Port, first.Call.LocalPort);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }
}
