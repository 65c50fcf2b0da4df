using Contracts.Grpc.Protos;
using Grpc.Core;

namespace Contracts.Grpc;

public sealed class StreamingTests
{
    [Fact]
    public async Task ClientStream_HalfClosed_IsAnsweredOnce()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.CreateClient().Collect();

        for (var i = 1; i <= 100; i++)
        {
            await call.RequestStream.WriteAsync(new Ask { Number = i }).WaitAsync(ProbeServer.Patience);
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal(5050, (await call.ResponseAsync.WaitAsync(ProbeServer.Patience)).Number);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task ServerStream_OfManyMessages_ArrivesInOrder(int count)
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.CreateClient().Expand(new Ask { Number = count });

        var numbers = await call.ResponseStream.ReadAllAsync().Select(answer => answer.Number).ToListAsync().AsTask().WaitAsync(ProbeServer.Patience);

        Assert.Equal(Enumerable.Range(0, count), numbers);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Duplex_PingPong_EachAnswerComesBeforeTheNextQuestion()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.CreateClient().Converse();

        for (var i = 0; i < 200; i++)
        {
            await call.RequestStream.WriteAsync(new Ask { Number = i }).WaitAsync(ProbeServer.Patience);
            Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
            Assert.Equal(i, call.ResponseStream.Current.Number);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Duplex_HalfClosedByTheClient_ServerAnswersOn()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = async (asks, answers, _) =>
        {
            var count = await asks.ReadAllAsync().CountAsync();
            for (var i = 0; i < 3; i++)
            {
                await answers.WriteAsync(new Answer { Number = count });
            }
        });
        using var call = server.CreateClient().Converse();

        await call.RequestStream.WriteAsync(new Ask());
        await call.RequestStream.WriteAsync(new Ask());
        await call.RequestStream.CompleteAsync();
        var numbers = await call.ResponseStream.ReadAllAsync().Select(answer => answer.Number).ToListAsync().AsTask().WaitAsync(ProbeServer.Patience);

        Assert.Equal([2, 2, 2], numbers);
    }

    [Fact]
    public async Task Duplex_ServerSpeaksFirst_ClientHearsItWithoutWriting()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = async (asks, answers, _) =>
        {
            await answers.WriteAsync(new Answer { Text = "hello" });
            await asks.MoveNext();
        });
        using var call = server.CreateClient().Converse();

        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
        Assert.Equal("hello", call.ResponseStream.Current.Text);
    }

    [Fact]
    public async Task Duplex_ServerCompletesEarly_ClientReadsTheEndAndCanWriteNoMore()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = async (asks, answers, context) =>
        {
            await asks.MoveNext();
            await answers.WriteAsync(new Answer { Number = 1 });
            context.ResponseTrailers.Add("left", "early");
        });
        using var call = server.CreateClient().Converse();

        await call.RequestStream.WriteAsync(new Ask());
        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
        Assert.False(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));

        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal("early", call.GetTrailers().GetValue("left"));
        await Failure.OfAsync(call.RequestStream.WriteAsync(new Ask()));
    }

    [Fact]
    public async Task Duplex_ServerRefusesEarly_ClientInTheMiddleOfWritingGetsTheStatus()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = async (asks, _, _) =>
        {
            await asks.MoveNext();
            throw new RpcException(new Status(StatusCode.PermissionDenied, "no"));
        });
        using var call = server.CreateClient().Converse();
        var payload = Google.Protobuf.ByteString.CopyFrom(new byte[64 * 1024]);

        var writing = Failure.OfAsync(WriteForeverAsync());
        var failure = await Failure.OfAsync(call.ResponseStream.MoveNext());
        await writing;

        Assert.Equal(new Status(StatusCode.PermissionDenied, "no"), failure.Status);
        Assert.Equal(StatusCode.PermissionDenied, call.GetStatus().StatusCode);

        async Task WriteForeverAsync()
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(new Ask { Payload = payload });
            }
        }
    }

    [Fact]
    public async Task Writer_AfterCompletion_RefusesMessages()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.CreateClient().Converse();
        await call.RequestStream.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new Ask()).WaitAsync(ProbeServer.Patience));
    }

    [Fact]
    public async Task Reader_ReadTwiceAtOnce_RefusesTheSecond()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.CreateClient().Converse();

        var first = call.ResponseStream.MoveNext();
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
        await call.RequestStream.CompleteAsync();

        Assert.False(await first.WaitAsync(ProbeServer.Patience));
    }

    [Fact]
    public async Task ServerStreams_AfterTheMethodReturned_RefuseWork()
    {
        IAsyncStreamReader<Ask>? reader = null;
        IServerStreamWriter<Answer>? writer = null;
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = (asks, answers, _) =>
        {
            (reader, writer) = (asks, answers);
            return Task.CompletedTask;
        });
        using var call = server.CreateClient().Converse();
        Assert.False(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));

        await Assert.ThrowsAsync<InvalidOperationException>(() => reader!.MoveNext(CancellationToken.None).WaitAsync(ProbeServer.Patience));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer!.WriteAsync(new Answer()).WaitAsync(ProbeServer.Patience));
    }

    [Fact]
    public async Task Stream_CutInsideAMessage_FailsTheRead()
    {
        var seen = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ProbeServer.StartAsync(
            behavior => behavior.Collect = async (asks, _) =>
            {
                seen.SetResult(await Record.ExceptionAsync(() => asks.MoveNext()));
                return new Answer();
            });
        using var http = new HttpClient();
        using var request = RawRequest.Create(server.Address, "/contracts.probe.v1.Probe/Collect", [0, 0, 0, 0, 9, 1, 2]);

        using var response = await http.SendAsync(request).WaitAsync(ProbeServer.Patience);

        var failure = Assert.IsType<RpcException>(await seen.Task.WaitAsync(ProbeServer.Patience));
        Assert.Equal(StatusCode.Internal, failure.StatusCode);
    }
}
