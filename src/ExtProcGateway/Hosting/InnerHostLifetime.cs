namespace Orleans.Inference.ExtProcGateway.Hosting;

/// <summary>Lifetime of a small web host within the process's own: signals are the outer one's business.</summary>
internal sealed class InnerHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
