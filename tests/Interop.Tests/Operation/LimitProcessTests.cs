using System.Net.Sockets;
using Grpc.Core;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Interop.Tests.Operation;

/// <summary>Limits of the real process: each answers, and the process goes on.</summary>
public sealed class LimitProcessTests
{
    private const int Kilobyte = 1024;

    [Fact]
    public async Task Message_LargerThanMayBeReceived_IsResourceExhausted()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--secure-serving=false", "--drain-timeout=0", "--grpc-max-recv-msg-size=64Ki");
        using var client = new ExtProcClient(picker.Plain);
        using (var exchange = client.Open())
        {
            await exchange.SendRequestHeadersAsync(ExtProcExchange.Headers());
            await exchange.SendRequestBodyAsync(new byte[65 * Kilobyte]);
            Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(exchange.ReadAsync)).StatusCode);
        }

        using var next = await PickerUnderTest.OpenPickedAsync(client);
    }

    [Fact]
    public async Task Answer_LargerThanMayBeSent_IsResourceExhausted()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--secure-serving=false", "--drain-timeout=0", "--grpc-max-send-msg-size=16Ki");
        using var client = new ExtProcClient(picker.Plain);
        var prompt = "{\"model\":\"m\",\"prompt\":\"" + new string('x', 32 * Kilobyte) + "\"}";
        using (var exchange = client.Open())
        {
            Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => exchange.SendRequestAsync(prompt))).StatusCode);
        }

        using var next = await PickerUnderTest.OpenPickedAsync(client);
    }

    [Fact]
    public async Task Body_LargerThanIsBuffered_Is413()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--secure-serving=false", "--drain-timeout=0", "--max-request-body-size=64Ki");
        using var client = new ExtProcClient(picker.Plain);
        using var exchange = client.Open();
        Assert.Equal(413, (await exchange.SendRequestAsync(new string(' ', 65 * Kilobyte))).ImmediateStatus);
        using var next = await PickerUnderTest.OpenPickedAsync(client);
    }

    [Fact]
    public async Task Stream_OneMoreThanTheLimit_Is503UntilOneEnds()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--secure-serving=false", "--drain-timeout=0", "--max-streams=2", "--health-checking");
        using var client = new ExtProcClient(picker.Plain);
        using var other = new ExtProcClient(picker.Plain);
        using var first = await PickerUnderTest.OpenPickedAsync(client);
        using (var second = await PickerUnderTest.OpenPickedAsync(other))
        {
            using var third = client.Open();
            await third.SendRequestHeadersAsync(ExtProcExchange.Headers("/v1/models", "GET"), endOfStream: true);
            Assert.Equal(503, (int)(await third.ReadAsync()).ImmediateResponse.Status.Code);

            // Health is no traffic.
            using var health = new HealthProbe(client.Channel);
            Assert.Equal(Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving, await health.CheckAsync());
        }

        await Bounds.UntilAsync(
            async () =>
            {
                using var next = client.Open();
                return await PickerUnderTest.IsPickedAsync(next);
            },
            "a stream is served again");
    }

    [Fact]
    public async Task Connection_OneMoreThanTheLimit_IsClosed()
    {
        await using var picker = await PickerUnderTest.StartPickingAsync("--secure-serving=false", "--drain-timeout=0", "--max-connections=1");
        using var client = new ExtProcClient(picker.Plain);
        using var stream = await PickerUnderTest.OpenPickedAsync(client);
        using var second = new TcpClient();
        await second.ConnectAsync("127.0.0.1", picker.GrpcPort);
        Assert.Equal(0, await second.GetStream().ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false).AsTask().WaitAsync(Bounds.Wait));

        await stream.SendResponseHeadersAsync(200, endOfStream: true);
        Assert.NotNull((await stream.ReadAsync()).ResponseHeaders);
    }
}
