using Contracts.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace Contracts.Grpc;

public sealed class CancellationTests
{
    [Fact]
    public async Task ClientToken_Cancelled_EndsTheUnaryCallOnBothSides()
    {
        using var stop = new CancellationTokenSource();
        var (started, told) = (NewSource(), NewSource());
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = async (_, context) =>
        {
            context.CancellationToken.Register(told.SetResult);
            started.SetResult();
            await told.Task;
            return new Answer();
        });

        using var call = server.CreateClient().UnaryAsync(new Ask(), cancellationToken: stop.Token);
        await started.Task.WaitAsync(ProbeServer.Patience);
        await stop.CancelAsync();
        var failure = await Failure.OfAsync(call.ResponseAsync);

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        await told.Task.WaitAsync(ProbeServer.Patience);
    }

    [Fact]
    public async Task ClientToken_CancelledBefore_FailsTheCall()
    {
        await using var server = await ProbeServer.StartAsync();

        var failure = await Failure.OfAsync(
            server.CreateClient().UnaryAsync(new Ask(), cancellationToken: new CancellationToken(canceled: true)).ResponseAsync);

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Fact]
    public async Task ClientToken_CancelledInAStream_EndsReadsAndWritesOnBothSides()
    {
        using var stop = new CancellationTokenSource();
        var serverSaw = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = async (asks, answers, _) =>
        {
            await answers.WriteAsync(new Answer());
            serverSaw.SetResult(await Record.ExceptionAsync(() => asks.MoveNext()));
        });
        using var call = server.CreateClient().Converse(cancellationToken: stop.Token);
        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));

        var reading = call.ResponseStream.MoveNext();
        await stop.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Failure.OfAsync(reading)).StatusCode);
        Assert.Equal(StatusCode.Cancelled, (await Failure.OfAsync(call.RequestStream.WriteAsync(new Ask()))).StatusCode);
        Assert.NotNull(await serverSaw.Task.WaitAsync(ProbeServer.Patience));
    }

    [Fact]
    public async Task ReadToken_Cancelled_CancelsTheCall()
    {
        using var stop = new CancellationTokenSource();
        var told = NewSource();
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Expand = async (_, answers, context) =>
        {
            context.CancellationToken.Register(told.SetResult);
            await answers.WriteAsync(new Answer());
            await told.Task;
        });
        using var call = server.CreateClient().Expand(new Ask());
        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));

        var reading = call.ResponseStream.MoveNext(stop.Token);
        await stop.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Failure.OfAsync(reading)).StatusCode);
        await told.Task.WaitAsync(ProbeServer.Patience);
    }

    [Fact]
    public async Task Call_Disposed_TellsTheServer()
    {
        var (started, told) = (NewSource(), NewSource());
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = async (_, _, context) =>
        {
            context.CancellationToken.Register(told.SetResult);
            started.SetResult();
            await told.Task;
        });

        using (server.CreateClient().Converse())
        {
            await started.Task.WaitAsync(ProbeServer.Patience);
        }

        await told.Task.WaitAsync(ProbeServer.Patience);
    }

    [Fact]
    public async Task Call_DisposedAfterCompletion_StillDeliversTheEnd()
    {
        var count = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Collect = async (asks, _) =>
        {
            count.SetResult(await asks.ReadAllAsync().CountAsync());
            return new Answer();
        });
        using var call = server.CreateClient().Collect();
        await call.RequestStream.WriteAsync(new Ask()).WaitAsync(ProbeServer.Patience);
        await call.RequestStream.CompleteAsync();

        await call.ResponseAsync.WaitAsync(ProbeServer.Patience);
        call.Dispose();

        Assert.Equal(1, await count.Task.WaitAsync(ProbeServer.Patience));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Channel_Disposed_CancelsItsCalls()
    {
        var (started, told) = (NewSource(), NewSource());
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = async (_, _, context) =>
        {
            context.CancellationToken.Register(told.SetResult);
            started.SetResult();
            await told.Task;
        });
        var channel = server.Connect();
        using var call = new Probe.ProbeClient(channel).Converse();
        await started.Task.WaitAsync(ProbeServer.Patience);

        var reading = call.ResponseStream.MoveNext();
        channel.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await Failure.OfAsync(reading)).StatusCode);
        Assert.Throws<ObjectDisposedException>(() => { _ = call.ResponseStream.MoveNext(); });
        Assert.Throws<ObjectDisposedException>(() => { _ = new Probe.ProbeClient(channel).UnaryAsync(new Ask()); });
        await told.Task.WaitAsync(ProbeServer.Patience);
    }

    [Fact]
    public async Task ServerToken_CancelledInARead_ResetsNothing()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = async (asks, answers, _) =>
        {
            using var stop = new CancellationTokenSource();
            var reading = asks.MoveNext(stop.Token);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
            await answers.WriteAsync(new Answer { Text = "still here" });
        });
        using var call = server.CreateClient().Converse();

        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));

        Assert.Equal("still here", call.ResponseStream.Current.Text);
    }

    [Fact]
    public async Task ServerAbort_InAStream_FailsTheClient()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Converse = async (asks, answers, context) =>
        {
            await answers.WriteAsync(new Answer());
            await asks.MoveNext();
            context.GetHttpContext().Abort();
        });
        using var call = server.CreateClient().Converse();
        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));

        await call.RequestStream.WriteAsync(new Ask());
        var failure = await Failure.OfAsync(call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.Internal, failure.StatusCode);
    }

    [Fact]
    public async Task ClientLeaves_WhileTheServerWritesMuch_WriteFails()
    {
        var ended = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var payload = ByteString.CopyFrom(new byte[64 * 1024]);
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Expand = async (_, answers, _) =>
            ended.SetResult(await Record.ExceptionAsync(async () =>
            {
                while (true)
                {
                    await answers.WriteAsync(new Answer { Payload = payload });
                }
            })));

        using (var call = server.CreateClient().Expand(new Ask()))
        {
            Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
        }

        Assert.NotNull(await ended.Task.WaitAsync(ProbeServer.Patience));
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
