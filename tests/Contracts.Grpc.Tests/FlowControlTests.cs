using Contracts.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Contracts.Grpc;

/// <summary>Tens of megabytes against a reader that takes its time.</summary>
public sealed class FlowControlTests
{
    private const int MessageSize = 64 * 1024;
    private const int MessageCount = 1024;

    // The client's receive window grows to 16 MiB at most; the pipes and sockets between hold some more.
    private const int MostMessagesUnderWay = 24 * 1024 * 1024 / MessageSize;

    private static readonly ByteString Payload = ByteString.CopyFrom(new byte[MessageSize]);

    [Fact]
    public async Task ServerStream_SlowReader_HoldsTheWriterBackAndKeepsOrder()
    {
        var written = 0;
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Expand = async (_, answers, _) =>
        {
            for (var i = 0; i < MessageCount; i++)
            {
                await answers.WriteAsync(new Answer { Number = i, Payload = Payload });
                Interlocked.Increment(ref written);
            }
        });
        using var call = server.CreateClient().Expand(new Ask());
        Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));

        await AwaitRestAsync(server, () => Volatile.Read(ref written));
        for (var read = 1; ; read++)
        {
            Assert.Equal(read - 1, call.ResponseStream.Current.Number);
            Assert.InRange(Volatile.Read(ref written) - read, -1, MostMessagesUnderWay);
            if (!await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience))
            {
                Assert.Equal(MessageCount, read);
                break;
            }
        }
    }

    [Fact]
    public async Task ClientStream_SlowReader_HoldsTheWriterBackAndKeepsOrder()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Collect = async (asks, _) =>
        {
            await asks.MoveNext();
            await go.Task;
            var read = 1;
            for (; await asks.MoveNext(); read++)
            {
                Assert.Equal(read, asks.Current.Number);
            }

            return new Answer { Number = read };
        });
        using var call = server.CreateClient().Collect();
        var written = 0;
        var writing = WriteAllAsync();

        await AwaitRestAsync(server, () => Volatile.Read(ref written));
        Assert.InRange(Volatile.Read(ref written), 0, MostMessagesUnderWay);
        go.SetResult();
        await writing.WaitAsync(ProbeServer.Patience);

        Assert.Equal(MessageCount, (await call.ResponseAsync.WaitAsync(ProbeServer.Patience)).Number);

        async Task WriteAllAsync()
        {
            for (var i = 0; i < MessageCount; i++)
            {
                await call.RequestStream.WriteAsync(new Ask { Number = i, Payload = Payload });
                Interlocked.Increment(ref written);
            }

            await call.RequestStream.CompleteAsync();
        }
    }

    [Fact]
    public async Task Duplex_BothWaysAtOnce_ArrivesWholeAndInOrder()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.CreateClient().Converse();
        var writing = WriteAllAsync();

        for (var i = 0; i < MessageCount; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
            Assert.Equal(i, call.ResponseStream.Current.Number);
            Assert.Equal(MessageSize, call.ResponseStream.Current.Payload.Length);
        }

        await writing.WaitAsync(ProbeServer.Patience);
        Assert.False(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));

        async Task WriteAllAsync()
        {
            for (var i = 0; i < MessageCount; i++)
            {
                await call.RequestStream.WriteAsync(new Ask { Number = i, Payload = Payload });
            }

            await call.RequestStream.CompleteAsync();
        }
    }

    [Fact]
    public async Task Streams_ManyOnOneChannel_AllAdvance()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = server.CreateClient(options => options.HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true });
        var calls = Enumerable.Range(0, 150).Select(_ => client.Converse()).ToList();

        for (var round = 0; round < 3; round++)
        {
            foreach (var call in calls)
            {
                await call.RequestStream.WriteAsync(new Ask { Number = round }).WaitAsync(ProbeServer.Patience);
                Assert.True(await call.ResponseStream.MoveNext().WaitAsync(ProbeServer.Patience));
                Assert.Equal(round, call.ResponseStream.Current.Number);
            }
        }

        calls.ForEach(call => call.Dispose());
    }

    /// <summary>Waits until a writer gets no further: held back, or done, as one that nothing holds back would be. Other calls are answered many times meanwhile.</summary>
    private static async Task AwaitRestAsync(ProbeServer server, Func<int> written)
    {
        const int Calls = 100;
        var client = server.CreateClient();
        var (before, unchanged) = (-1, 0);
        while (unchanged < Calls)
        {
            await client.UnaryAsync(new Ask()).ResponseAsync.WaitAsync(ProbeServer.Patience);
            var now = written();
            unchanged = now == before ? unchanged + 1 : 0;
            before = now;
        }
    }
}
