using Orleans.Inference.ExtProcGateway.Health.Messages;
using Orleans.Inference.ExtProcGateway.Http2;
using Orleans.Inference.ExtProcGateway.Tests.Edge;
using Orleans.Inference.ExtProcGateway.Tests.Http2;

namespace Orleans.Inference.ExtProcGateway.Tests.Health;

/// <summary>gRPC health on the ext_proc port, <c>--health-checking</c>.</summary>
public sealed class HealthEdgeTests
{
    private const string Check = "/grpc.health.v1.Health/Check";
    private const string Watch = "/grpc.health.v1.Health/Watch";

    private static readonly byte[] Serving = Block.Message([8, 1]);
    private static readonly byte[] NotServing = Block.Message([8, 2]);

    [Theory]
    [InlineData("")]
    [InlineData("inference-extension")]
    [InlineData("envoy.service.ext_proc.v3.ExternalProcessor")]
    public async Task Check_AnyService_HasTheStateOfTheWhole(string service)
    {
        await using var host = await EdgeHost.StartAsync(options => options.HealthChecking = true);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(Check)), Frame.Data(1, Block.Message(Request(service)), endStream: true));
        Assert.Equal(NotServing, (await client.ReadResponseAsync(1)).Body);
        host.Health.Ready = true;
        await client.SendAsync(Frame.Headers(3, Block.Grpc(Check)), Frame.Data(3, Block.Message(Request(service)), endStream: true));
        Assert.Equal(Serving, (await client.ReadResponseAsync(3)).Body);
    }

    [Fact]
    public async Task Check_Liveness_IsAlwaysServing()
    {
        await using var host = await EdgeHost.StartAsync(options => options.HealthChecking = true);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(Check)), Frame.Data(1, Block.Message(Request("liveness")), endStream: true));
        Assert.Equal(Serving, (await client.ReadResponseAsync(1)).Body);
    }

    [Theory]
    [InlineData(new byte[] { 10, 200 })]
    [InlineData(new byte[] { 15 })]
    public async Task Check_MalformedMessage_IsInternal(byte[] message)
    {
        await using var host = await EdgeHost.StartAsync(options => options.HealthChecking = true);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(Check)), Frame.Data(1, Block.Message(message), endStream: true));
        Assert.Equal("13", (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
    }

    [Fact]
    public async Task Check_NotSwitchedOn_IsUnimplemented()
    {
        await using var host = await EdgeHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(Check)), Frame.Data(1, Block.Message(Request("")), endStream: true));
        Assert.Equal("12", (await client.ReadResponseAsync(1)).Trailers["grpc-status"]);
    }

    [Fact]
    public async Task Watch_EachChange_IsTold()
    {
        await using var host = await EdgeHost.StartAsync(options => options.HealthChecking = true);
        await using var client = await host.ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc(Watch)), Frame.Data(1, Block.Message(Request("")), endStream: true));
        Assert.Equal(NotServing, (await client.ReadAsync(Http2FrameType.Data, 1)).Payload);
        host.Health.Ready = true;
        Assert.Equal(Serving, (await client.ReadAsync(Http2FrameType.Data, 1)).Payload);
        host.Health.Ready = false;
        Assert.Equal(NotServing, (await client.ReadAsync(Http2FrameType.Data, 1)).Payload);
        await client.SendAsync(Frame.Reset(1));
        await client.ReadAllAsync();
        host.Health.Ready = true;
        Assert.DoesNotContain(await client.ReadAllAsync(), frame => frame.StreamId == 1);
    }

    [Fact]
    public async Task Watch_ServerIsAboutToGo_EndsAfterTheLastState()
    {
        await using var host = await EdgeHost.StartAsync(options => options.HealthChecking = true);
        await using var client = await host.ConnectAsync();
        host.Health.Ready = true;
        await client.SendAsync(Frame.Headers(1, Block.Grpc(Watch)), Frame.Data(1, Block.Message(Request("")), endStream: true));
        Assert.Equal(Serving, (await client.ReadAsync(Http2FrameType.Data, 1)).Payload);
        Assert.Equal(0, host.Calls.Count);
        host.Health.Ready = false;
        host.Health.End();
        var (body, trailers) = await client.ReadResponseAsync(1);
        Assert.Equal(NotServing, body);
        Assert.Equal("14", trailers["grpc-status"]);

        await client.SendAsync(Frame.Headers(3, Block.Grpc(Watch)), Frame.Data(3, Block.Message(Request("")), endStream: true));
        Assert.Equal("14", (await client.ReadResponseAsync(3)).Trailers["grpc-status"]);
    }

    [Theory]
    [InlineData(false, "envoy.service.ext_proc.v3.ExternalProcessor")]
    [InlineData(true, "envoy.service.ext_proc.v3.ExternalProcessor", "liveness", "readiness")]
    public async Task List_WithAndWithoutAnElection_NamesTheServices(bool leaderElection, params string[] services)
    {
        await using var host = await EdgeHost.StartAsync(options => (options.HealthChecking, options.LeaderElection) = (true, leaderElection));
        await using var client = await host.ConnectAsync();
        host.Health.Ready = true;
        await client.SendAsync(Frame.Headers(1, Block.Grpc("/grpc.health.v1.Health/List")), Frame.Data(1, Block.Message(""), endStream: true));
        var (body, trailers) = await client.ReadResponseAsync(1);
        Assert.Equal("0", trailers["grpc-status"]);
        var list = HealthListResponse.Parser.ParseFrom(body.AsSpan(5));
        Assert.Equal(services, list.Statuses.Keys.Order());
        Assert.All(list.Statuses.Values, state => Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, state.Status));
    }

    [Fact]
    public async Task Check_UnknownServiceWithAnElection_IsToldToBe()
    {
        await using var host = await EdgeHost.StartAsync(options => (options.HealthChecking, options.LeaderElection) = (true, true));
        await using var client = await host.ConnectAsync();
        host.Health.Ready = true;
        await client.SendAsync(Frame.Headers(1, Block.Grpc(Check)), Frame.Data(1, Block.Message(Request("inference-extension")), endStream: true));
        var (body, trailers) = await client.ReadResponseAsync(1);
        Assert.Equal(Block.Message([8, 3]), body);
        Assert.Equal("0", trailers["grpc-status"]);
    }

    private static byte[] Request(string service) => service.Length == 0 ? [] : [10, .. Block.Text(service)];
}
