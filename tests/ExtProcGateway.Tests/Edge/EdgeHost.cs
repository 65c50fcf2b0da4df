using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Edge;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Health;
using Orleans.Inference.ExtProcGateway.Hosting;
using Orleans.Inference.ExtProcGateway.Http2;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Tests.Grpc;
using Orleans.Inference.ExtProcGateway.Tests.Http2;

namespace Orleans.Inference.ExtProcGateway.Tests.Edge;

/// <summary>An edge on a free port with <see cref="ProbeService"/> behind it.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private EdgeHost(ExtProcEdge edge, ProbeService service, ReadinessHealth health, OpenCalls calls, HeldBytes held)
    {
        Held = held;
        Calls = calls;
        Edge = edge;
        Service = service;
        Health = health;
    }

    public ExtProcEdge Edge { get; }

    public ProbeService Service { get; }

    public ReadinessHealth Health { get; }

    public OpenCalls Calls { get; }

    public HeldBytes Held { get; }

    public int Port => Edge.Port;

    public static async Task<EdgeHost> StartAsync(
        Action<GatewayOptions>? configure = null, Http2ConnectionLimits? limits = null, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        var options = new GatewayOptions { GrpcPort = 0, SecureServing = false };
        configure?.Invoke(options);
        var service = new ProbeService();
        var health = new ReadinessHealth(options.LeaderElection);
        var calls = new OpenCalls();
        var held = new HeldBytes(options);
        var edge = new ExtProcEdge(options, service, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance, health, limits, calls, held);
        await edge.StartAsync(CancellationToken.None).WaitAsync(RawClient.Patience);
        return new EdgeHost(edge, service, health, calls, held);
    }

    public Task<RawClient> ConnectAsync(params (ushort Id, uint Value)[] settings) => RawClient.ConnectAsync(Port, settings);

    /// <summary>Another connection is served: the process is well.</summary>
    public async Task AssertServesAsync()
    {
        await using var client = await ConnectAsync();
        await client.SendAsync(Frame.Headers(1, Block.Grpc()), Frame.Data(1, Block.Message("well"), endStream: true));
        var (body, trailers) = await client.ReadResponseAsync(1);
        Assert.Equal(Block.Message("well"), body);
        Assert.Equal("0", trailers["grpc-status"]);
    }

    /// <summary>No call is left: each has ended, and exactly once, and nothing is held for them.</summary>
    public async Task AssertNothingLeftAsync()
    {
        await Eventually.TrueAsync(() => Service.Live == 0 && Edge.StreamCount == 0 && Calls.Count == 0 && Held.Count == 0);
        Assert.All(Service.Calls, call => Assert.Equal(1, call.Ends));
    }

    public ValueTask DisposeAsync() => Edge.DisposeAsync();
}
