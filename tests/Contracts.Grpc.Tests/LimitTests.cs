using Contracts.Grpc.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Contracts.Grpc;

public sealed class LimitTests
{
    private const int DefaultReceiveLimit = 4 * 1024 * 1024;

    [Fact]
    public async Task ServerReceive_AtAndOverTheDefault_PassesAndIsExhausted()
    {
        await using var server = await ProbeServer.StartAsync(behavior =>
        {
            behavior.Unary = (ask, _) => Task.FromResult(new Answer { Number = ask.Payload.Length });
            behavior.Collect = async (asks, _) => new Answer { Number = await asks.ReadAllAsync().Select(ask => ask.Payload.Length).SumAsync() };
        });
        var client = server.CreateClient();
        var largest = AskOfSize(DefaultReceiveLimit);

        var answer = await client.UnaryAsync(largest).ResponseAsync.WaitAsync(ProbeServer.Patience);
        var failure = await Failure.OfAsync(client.UnaryAsync(AskOfSize(DefaultReceiveLimit + 1)).ResponseAsync);
        using var call = client.Collect();
        var writing = Record.ExceptionAsync(() => call.RequestStream.WriteAsync(AskOfSize(DefaultReceiveLimit + 1)).WaitAsync(ProbeServer.Patience));
        var streamed = await Failure.OfAsync(call.ResponseAsync);
        await writing;

        Assert.Equal(largest.Payload.Length, answer.Number);
        Assert.Equal(new Status(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."), failure.Status);
        Assert.Equal(StatusCode.ResourceExhausted, streamed.StatusCode);
    }

    [Fact]
    public async Task ServerReceive_WithoutLimit_TakesMore()
    {
        await using var server = await ProbeServer.StartAsync(
            behavior => behavior.Unary = (ask, _) => Task.FromResult(new Answer { Number = ask.Payload.Length }),
            options => options.MaxReceiveMessageSize = null);

        var ask = AskOfSize(2 * DefaultReceiveLimit);
        var answer = await server.CreateClient().UnaryAsync(ask).ResponseAsync.WaitAsync(ProbeServer.Patience);

        Assert.Equal(ask.Payload.Length, answer.Number);
    }

    [Fact]
    public async Task ServiceOptions_OfOneService_ComeBeforeThoseOfAll()
    {
        await using var server = await ProbeServer.StartAsync(
            configure: options => options.MaxReceiveMessageSize = 10,
            services: grpc => grpc.AddServiceOptions<ProbeService>(options => options.MaxReceiveMessageSize = 1000));

        await server.CreateClient().UnaryAsync(AskOfSize(1000)).ResponseAsync.WaitAsync(ProbeServer.Patience);
        var health = new Health.HealthClient(server.Connect());
        var failure = await Failure.OfAsync(health.CheckAsync(new HealthCheckRequest { Service = "longer than ten" }).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact]
    public async Task ServerSend_OverTheLimit_IsExhausted()
    {
        await using var server = await ProbeServer.StartAsync(configure: options => options.MaxSendMessageSize = 1000);
        var client = server.CreateClient();

        Assert.Equal(1000, (await client.UnaryAsync(AskOfSize(1000)).ResponseAsync.WaitAsync(ProbeServer.Patience)).CalculateSize());
        var failure = await Failure.OfAsync(client.UnaryAsync(AskOfSize(1001)).ResponseAsync);

        Assert.Equal(new Status(StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size."), failure.Status);
    }

    [Fact]
    public async Task ClientReceive_OverTheLimit_IsExhausted()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = server.CreateClient(options => options.MaxReceiveMessageSize = 1000);

        Assert.Equal(1000, (await client.UnaryAsync(AskOfSize(1000)).ResponseAsync.WaitAsync(ProbeServer.Patience)).CalculateSize());
        var failure = await Failure.OfAsync(client.UnaryAsync(AskOfSize(1001)).ResponseAsync);
        using var call = client.Converse();
        await call.RequestStream.WriteAsync(AskOfSize(1001)).WaitAsync(ProbeServer.Patience);
        var streamed = await Failure.OfAsync(call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, streamed.StatusCode);
    }

    [Fact]
    public async Task ClientReceive_ByDefault_TakesFourMebibytes()
    {
        await using var server = await ProbeServer.StartAsync(
            behavior => behavior.Unary = (ask, _) => Task.FromResult(new Answer { Payload = ByteString.CopyFrom(new byte[ask.Number]) }));
        var client = server.CreateClient();

        await client.UnaryAsync(new Ask { Number = DefaultReceiveLimit - 100 }).ResponseAsync.WaitAsync(ProbeServer.Patience);
        var failure = await Failure.OfAsync(client.UnaryAsync(new Ask { Number = DefaultReceiveLimit }).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact]
    public async Task ClientSend_OverTheLimit_IsExhausted()
    {
        await using var server = await ProbeServer.StartAsync();
        var client = server.CreateClient(options => options.MaxSendMessageSize = 1000);

        var failure = await Failure.OfAsync(client.UnaryAsync(AskOfSize(1001)).ResponseAsync);
        using var call = client.Converse();
        var streamed = await Failure.OfAsync(call.RequestStream.WriteAsync(AskOfSize(1001)));

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, streamed.StatusCode);
    }

    private static Ask AskOfSize(int size)
    {
        var ask = new Ask { Payload = ByteString.CopyFrom(new byte[size]) };
        ask.Payload = ByteString.CopyFrom(new byte[2 * size - ask.CalculateSize()]);
        Assert.Equal(size, ask.CalculateSize());
        return ask;
    }
}
