using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Orleans.Inference.ExtProcGateway.Grpc;
using Orleans.Inference.ExtProcGateway.Http2;

namespace Orleans.Inference.ExtProcGateway.Edge;

/// <summary>The connections of an edge: serves each, ticks them all, drains and stops them.</summary>
internal sealed class EdgeConnections(GrpcServer server, Http2ConnectionLimits limits, TimeProvider time, ILogger logger) : ConnectionHandler, IDisposable
{
    private readonly ConcurrentDictionary<Http2Connection, byte> _connections = new();
    private readonly Lock _draining = new();
    private ITimer? _ticks;
    private bool _drains;

    public int Count => _connections.Count;

    /// <summary>Calls in flight, as a hint: connections change meanwhile.</summary>
    public int StreamCount => _connections.Keys.Sum(connection => connection.StreamCount);

    /// <summary>Frames that the peers of the open connections have sent.</summary>
    public long FramesRead => _connections.Keys.Sum(connection => connection.FramesRead);

    public void Start() =>
        _ticks = time.CreateTimer(static state => ((EdgeConnections)state!).Tick(), this, limits.Tick, limits.Tick);

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var served = new Http2Connection(connection, limits, c => new GrpcStream(c, server), logger, server.HeldChanged);
        bool drains;
        lock (_draining)
        {
            _connections.TryAdd(served, 0);
            drains = _drains;
        }

        if (drains)
        {
            served.BeginDrain();
        }

        try
        {
            await served.RunAsync();
        }
        finally
        {
            _connections.TryRemove(served, out _);
        }
    }

    /// <summary>Tells all peers to open no more streams; connections close as their last streams end.</summary>
    public void BeginDrain()
    {
        lock (_draining)
        {
            _drains = true;
        }

        foreach (var connection in _connections.Keys)
        {
            connection.BeginDrain();
        }
    }

    /// <summary>Ends all streams that are left, with the status Unavailable.</summary>
    public void Stop()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Stop();
        }
    }

    public void Dispose() => _ticks?.Dispose();

    private void Tick()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Tick();
        }
    }
}
