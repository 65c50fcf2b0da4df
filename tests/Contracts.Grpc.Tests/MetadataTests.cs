using Contracts.Grpc.Protos;
using Grpc.Core;

namespace Contracts.Grpc;

public sealed class MetadataTests
{
    private static readonly byte[] Bytes = [0, 1, 2, 253, 254, 255, (byte)',', (byte)'='];

    [Fact]
    public async Task Headers_TextAndBinary_ReachTheMethod()
    {
        Metadata? seen = null;
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = (_, context) =>
        {
            seen = context.RequestHeaders;
            Assert.Equal("plain", seen.GetValue("Text"));
            return Task.FromResult(new Answer());
        });

        await server.CreateClient().UnaryAsync(new Ask(), new Metadata { { "text", "plain" }, { "data-bin", Bytes } })
            .ResponseAsync.WaitAsync(ProbeServer.Patience);

        Assert.NotNull(seen);
        Assert.Equal("plain", seen.GetValue("text"));
        Assert.Equal(Bytes, seen.GetValueBytes("data-bin"));
        Assert.True(seen.Get("data-bin")!.IsBinary);
        Assert.DoesNotContain(seen, entry => entry.Key.StartsWith(':') || entry.Key is "content-type" or "grpc-accept-encoding");
    }

    [Fact]
    public async Task ResponseHeadersAndTrailers_OfAStream_ArriveWhereTheyBelong()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Expand = async (_, answers, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "first", "a" }, { "first-bin", Bytes } });
            await go.Task;
            await answers.WriteAsync(new Answer());
            context.ResponseTrailers.Add("last", "z");
            context.ResponseTrailers.Add("last", "zz");
            context.ResponseTrailers.Add("last-bin", Bytes);
        });
        using var call = server.CreateClient().Expand(new Ask());

        var headers = await call.ResponseHeadersAsync.WaitAsync(ProbeServer.Patience);
        go.SetResult();
        await call.ResponseStream.ReadAllAsync().CountAsync().AsTask().WaitAsync(ProbeServer.Patience);
        var trailers = call.GetTrailers();

        Assert.Equal("a", headers.GetValue("first"));
        Assert.Equal(Bytes, headers.GetValueBytes("first-bin"));
        Assert.Null(headers.Get("last"));
        Assert.Equal(["z", "zz"], trailers.GetAll("last").Select(entry => entry.Value));
        Assert.Equal(Bytes, trailers.GetValueBytes("last-bin"));
        Assert.Null(trailers.Get("grpc-status"));
    }

    [Fact]
    public async Task Trailers_OfAFailure_AreThoseOfContextAndException()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = (_, context) =>
        {
            context.ResponseTrailers.Add("of-context", "1");
            throw new RpcException(new Status(StatusCode.NotFound, "none"), new Metadata { { "of-exception", "2" }, { "why-bin", Bytes } });
        });
        using var call = server.CreateClient().UnaryAsync(new Ask());

        var failure = await Failure.OfAsync(call.ResponseAsync);

        Assert.Equal("1", failure.Trailers.GetValue("of-context"));
        Assert.Equal("2", failure.Trailers.GetValue("of-exception"));
        Assert.Equal(Bytes, failure.Trailers.GetValueBytes("why-bin"));
        Assert.Equal("2", call.GetTrailers().GetValue("of-exception"));
    }

    [Fact]
    public async Task ResponseHeaders_SentTwice_AreRefused()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = async (_, context) =>
        {
            await context.WriteResponseHeadersAsync([]);
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.WriteResponseHeadersAsync([]));
            return new Answer { Number = 1 };
        });

        var answer = await server.CreateClient().UnaryAsync(new Ask()).ResponseAsync.WaitAsync(ProbeServer.Patience);

        Assert.Equal(1, answer.Number);
    }

    [Fact]
    public void Entry_KeyOfTheWrongKind_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("data-bin", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("data", Bytes));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("no spaces", "text"));
        Assert.Equal("upper", new Metadata.Entry("UPPER", "text").Key);
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("data-bin", Bytes).Value);
        Assert.Equal("text"u8.ToArray(), new Metadata.Entry("data", "text").ValueBytes);
    }

    [Fact]
    public void Metadata_Lookups_TakeTheLastInAnyCase()
    {
        var metadata = new Metadata { { "k", "1" }, { "other", "x" }, { "K", "2" } };

        Assert.Equal("2", metadata.GetValue("K"));
        Assert.Equal(["1", "2"], metadata.GetAll("k").Select(entry => entry.Value));
        Assert.Null(metadata.Get("absent"));
        Assert.Null(metadata.GetValue("absent"));
        Assert.Null(metadata.GetValueBytes("absent-bin"));
        Assert.Equal(3, metadata.Count);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("k", "v"));
    }
}
