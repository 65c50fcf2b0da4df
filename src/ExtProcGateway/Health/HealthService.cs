namespace Orleans.Inference.ExtProcGateway.Health;

/// <summary>Serves gRPC health, and keeps the readiness that it tells: ready once the views are warm, no longer once the host stops.</summary>
internal sealed partial class HealthService(HealthServer server, ReadinessHealth health, Readiness readiness, TimeProvider time, ILogger<HealthService> log) : BackgroundService
{
    /// <summary>Gateways probe every second or more seldom; a look costs next to nothing.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await server.StartAsync(cancellationToken);
        Listening(log, server.Port);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        health.End();
        await server.StopAsync(cancellationToken);
    }

    /// <summary>No longer ready from now on, whatever the views say: the process drains.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        SetReady(false);
    }

    /// <summary>Ends all watches, on every port: the edge is about to close.</summary>
    public void EndWatches() => health.End();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                SetReady(readiness.IsGiven);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // the host stops, or drains
        }
    }

    private void SetReady(bool ready)
    {
        if (health.Ready != ready)
        {
            health.Ready = ready;
            Changed(log, ready ? "ready" : "not ready");
        }
    }

    [LoggerMessage(3040, LogLevel.Information, "gRPC health listens on port {Port}")]
    private static partial void Listening(ILogger log, int port);

    [LoggerMessage(3041, LogLevel.Information, "The gateway is {State}")]
    private static partial void Changed(ILogger log, string state);
}
