using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Health;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Tests.Http2;
using Messages = Orleans.Inference.ExtProcGateway.Health.Messages;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Orleans.Inference.ExtProcGateway.Tests.Health;

/// <summary>gRPC health on the port of its own.</summary>
public sealed class HealthServerTests : IAsyncLifetime
{
    private readonly ReadinessHealth _health = new();
    private readonly HealthServer _server;
    private GrpcChannel? _channel;

    public HealthServerTests() => _server = new HealthServer(new GatewayOptions { HealthPort = 0 }, _health, NullLoggerFactory.Instance);

    private global::Grpc.Health.V1.Health.HealthClient Client => new(_channel);

    public async Task InitializeAsync()
    {
        await _server.StartAsync(CancellationToken.None).WaitAsync(RawClient.Patience);
        _channel = GrpcChannel.ForAddress($"http://localhost:{_server.Port}");
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        await _server.StopAsync(CancellationToken.None).WaitAsync(RawClient.Patience);
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("readiness")]
    [InlineData("inference-extension")]
    [InlineData("envoy.service.ext_proc.v3.ExternalProcessor")]
    public async Task Check_AnyService_HasTheStateOfTheWhole(string service)
    {
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(service));
        _health.Ready = true;
        Assert.Equal(ServingStatus.Serving, await CheckAsync(service));
        _health.Ready = false;
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(service));
    }

    [Fact]
    public async Task Check_Liveness_IsAlwaysServing() => Assert.Equal(ServingStatus.Serving, await CheckAsync(ReadinessHealth.Liveness));

    [Fact]
    public async Task Watch_EachChange_IsTold()
    {
        using var watch = Client.Watch(new HealthCheckRequest(), deadline: DateTime.UtcNow + RawClient.Patience);
        foreach (var (ready, expected) in ((bool, ServingStatus)[])[(false, ServingStatus.NotServing), (true, ServingStatus.Serving), (false, ServingStatus.NotServing)])
        {
            _health.Ready = ready;
            Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(expected, watch.ResponseStream.Current.Status);
        }
    }

    [Fact]
    public async Task Watch_ServerStops_EndsAtOnce()
    {
        _health.Ready = true;
        using var watch = Client.Watch(new HealthCheckRequest(), deadline: DateTime.UtcNow + RawClient.Patience);
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        _health.End();
        var end = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
    }

    [Fact]
    public async Task List_NoElection_NamesTheServiceAlone()
    {
        _health.Ready = true;
        var method = new Method<byte[], Messages.HealthListResponse>(
            MethodType.Unary,
            "grpc.health.v1.Health",
            "List",
            Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes),
            Marshallers.Create(response => response.ToByteArray(), Messages.HealthListResponse.Parser.ParseFrom));
        var options = new CallOptions(deadline: DateTime.UtcNow + RawClient.Patience);
        var response = await _channel!.CreateCallInvoker().AsyncUnaryCall(method, null, options, []);
        var (service, state) = Assert.Single(response.Statuses);
        Assert.Equal("envoy.service.ext_proc.v3.ExternalProcessor", service);
        Assert.Equal(Messages.HealthCheckResponse.Types.ServingStatus.Serving, state.Status);
    }

    private async Task<ServingStatus> CheckAsync(string service) =>
        (await Client.CheckAsync(new HealthCheckRequest { Service = service }, deadline: DateTime.UtcNow + RawClient.Patience)).Status;
}
