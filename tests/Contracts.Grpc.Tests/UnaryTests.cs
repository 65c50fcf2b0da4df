using Contracts.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace Contracts.Grpc;

public sealed class UnaryTests
{
    [Fact]
    public async Task Unary_Request_IsAnswered()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = server.CreateClient();

        using var call = client.UnaryAsync(new Ask { Number = 7, Payload = ByteString.CopyFromUtf8("seven") });
        var answer = await call.ResponseAsync.WaitAsync(ProbeServer.Patience);

        Assert.Equal(7, answer.Number);
        Assert.Equal("seven", answer.Payload.ToStringUtf8());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public async Task Unary_EmptyMessages_AreMessages()
    {
        await using var server = await ProbeServer.StartAsync();

        var answer = await server.CreateClient().UnaryAsync(new Ask()).ResponseAsync.WaitAsync(ProbeServer.Patience);

        Assert.Equal(new Answer(), answer);
    }

    [Fact]
    public async Task BlockingUnary_Request_IsAnswered()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = server.CreateClient();

        var answer = await Task.Run(() => client.Unary(new Ask { Number = 3 })).WaitAsync(ProbeServer.Patience);

        Assert.Equal(3, answer.Number);
    }

    [Fact]
    public async Task Unary_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = server.CreateClient();

        var calls = Enumerable.Range(0, 300).Select(i => client.UnaryAsync(new Ask { Number = i }).ResponseAsync);
        var answers = await Task.WhenAll(calls).WaitAsync(ProbeServer.Patience);

        Assert.Equal(Enumerable.Range(0, 300), answers.Select(answer => answer.Number));
    }

    [Fact]
    public async Task Context_OfACall_NamesMethodHostPeerAndRequest()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = (_, context) =>
        {
            Assert.Equal("/contracts.probe.v1.Probe/Unary", context.GetHttpContext().Request.Path);
            Assert.False(context.AuthContext.IsPeerAuthenticated);
            return Task.FromResult(new Answer { Text = $"{context.Method} {context.Host} {context.Peer}" });
        });

        var answer = await server.CreateClient().UnaryAsync(new Ask()).ResponseAsync.WaitAsync(ProbeServer.Patience);

        Assert.StartsWith($"/contracts.probe.v1.Probe/Unary {server.Address.Authority} ipv4:127.0.0.1:", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Method_WithoutAnswer_IsCancelled()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = (_, _) => Task.FromResult<Answer>(null!));

        var failure = await Failure.OfAsync(server.CreateClient().UnaryAsync(new Ask()).ResponseAsync);

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }
}
