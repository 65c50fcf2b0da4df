using Contracts.Grpc.Protos;
using Grpc.Core;

namespace Contracts.Grpc;

public sealed class StatusTests
{
    [Theory]
    [InlineData(StatusCode.InvalidArgument, "bad")]
    [InlineData(StatusCode.Unauthenticated, "")]
    [InlineData(StatusCode.DataLoss, "100 % of größe\nlost: \U0001F642")]
    public async Task RpcException_OfAMethod_IsTheCallsStatus(StatusCode code, string detail)
    {
        await using var server = await ProbeServer.StartAsync(behavior =>
        {
            behavior.Unary = (_, _) => throw new RpcException(new Status(code, detail));
            behavior.Expand = async (_, answers, _) =>
            {
                await answers.WriteAsync(new Answer());
                throw new RpcException(new Status(code, detail));
            };
        });
        var client = server.CreateClient();

        var call = client.UnaryAsync(new Ask());
        var unary = await Failure.OfAsync(call.ResponseAsync);
        var stream = client.Expand(new Ask()).ResponseStream;
        Assert.True(await stream.MoveNext().WaitAsync(ProbeServer.Patience));
        var streamed = await Failure.OfAsync(stream.MoveNext());

        Assert.Equal((code, detail), (unary.StatusCode, unary.Status.Detail));
        Assert.Equal((code, detail), (streamed.StatusCode, streamed.Status.Detail));
        Assert.Equal(code, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Exception_OfAMethod_IsUnknownWithoutDetails()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Unary = (_, _) => throw new InvalidDataException("secret"));

        var failure = await Failure.OfAsync(server.CreateClient().UnaryAsync(new Ask()).ResponseAsync);

        Assert.Equal(new Status(StatusCode.Unknown, "Exception was thrown by handler."), failure.Status);
    }

    [Fact]
    public async Task Exception_WithDetailedErrors_IsTold()
    {
        await using var server = await ProbeServer.StartAsync(
            behavior => behavior.Unary = (_, _) => throw new InvalidDataException("told"), options => options.EnableDetailedErrors = true);

        var failure = await Failure.OfAsync(server.CreateClient().UnaryAsync(new Ask()).ResponseAsync);

        Assert.Equal(new Status(StatusCode.Unknown, "Exception was thrown by handler. InvalidDataException: told"), failure.Status);
    }

    [Fact]
    public async Task ContextStatus_SetByAMethod_IsTheCallsStatus()
    {
        await using var server = await ProbeServer.StartAsync(behavior => behavior.Expand = (_, _, context) =>
        {
            context.Status = new Status(StatusCode.Aborted, "so");
            return Task.CompletedTask;
        });

        var failure = await Failure.OfAsync(server.CreateClient().Expand(new Ask()).ResponseStream.MoveNext());

        Assert.Equal(new Status(StatusCode.Aborted, "so"), failure.Status);
    }

    [Fact]
    public async Task Call_BeforeItsEnd_HasNoStatusAndNoTrailers()
    {
        await using var server = await ProbeServer.StartAsync();
        using var call = server.CreateClient().Converse();

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }

    [Fact]
    public async Task Server_NotListening_IsUnavailable()
    {
        Uri address;
        await using (var server = await ProbeServer.StartAsync())
        {
            address = server.Address;
        }

        using var channel = global::Grpc.Net.Client.GrpcChannel.ForAddress(address);
        var failure = await Failure.OfAsync(new Probe.ProbeClient(channel).UnaryAsync(new Ask()).ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }
}
