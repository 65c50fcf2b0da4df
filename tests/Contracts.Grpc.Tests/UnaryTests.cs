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
}
