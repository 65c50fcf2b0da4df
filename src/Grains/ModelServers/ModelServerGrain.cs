using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Hosting;
using Orleans.Inference.Grains.Scraping;
using Orleans.Placement;

namespace Orleans.Inference.Grains.ModelServers;

/// <inheritdoc cref="IModelServerGrain"/>
/// <remarks>
/// Spread at random: placement by resources puts all grains that start together on one silo. Kept alive without calls: it ends when its pool says so, or when its
/// silo's <see cref="ReportBatcher"/> finds that the pool does not know it.
/// </remarks>
[GrainType("inference-model-server"), RandomPlacement, KeepAlive]
internal sealed class ModelServerGrain(ScrapeClock clock, ReportBatcher batcher, GrainsMetrics metrics, TimeProvider time, ILogger<ModelServerGrain> logger) : Grain, IModelServerGrain, IDisposable
{
    private ModelServerAssignment? _assignment;
    private MetricsScraper? _scraper;
    private SampleRelay? _relay;

    public Task Watch(ModelServerAssignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        if (assignment == _assignment)
        {
            return Task.CompletedTask;
        }

        var target = TargetOf(assignment.Server);
        if (_relay is not null && _scraper?.Target == target)
        {
            _relay.MoveTo(batcher.Add(assignment));
        }
        else
        {
            Release();
            if (target is not null)
            {
                _relay = new SampleRelay(batcher.Add(assignment), metrics);
                _scraper = new MetricsScraper(target, _relay, clock);
                _scraper.Start();
            }
        }

        _assignment = assignment;
        return Task.CompletedTask;
    }

    public Task Unwatch(Guid epoch, int slot)
    {
        if (_assignment is null || (_assignment.Epoch == epoch && _assignment.Slot == slot))
        {
            Release();
            DeactivateOnIdle();
        }

        return Task.CompletedTask;
    }

    public Task<ModelServerState> GetState()
    {
        var state = new ModelServerState { Assignment = _assignment, Health = ModelServerHealth.Unknown };
        return Task.FromResult(_relay?.Slot.Latest() is not { } sample ? state : state with
        {
            Health = SampleConversion.Health(sample.Health),
            Queued = sample.Queued,
            Running = sample.Running,
            KvUsage = sample.KvUsage,
            AgeMs = SampleConversion.AgeMs(sample, time.GetTimestamp(), time),
            Lora = SampleConversion.Lora(sample.Lora),
            Cache = SampleConversion.Cache(sample.Cache),
        });
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Release();
        return Task.CompletedTask;
    }

    /// <summary>For a silo that ends without deactivating its grains.</summary>
    public void Dispose() => Release();

    private ScrapeTarget? TargetOf(ModelServerSpec server)
    {
        if (!IPAddress.TryParse(server.Ip, out var address))
        {
            ModelServerLog.BadAddress(logger, server.Id, server.Ip);
            return null;
        }

        var engine = clock.Options.Engines.Find(server.Labels, server.Engine);
        var port = clock.Options.Port == 0 ? server.Port : clock.Options.Port;
        return new ScrapeTarget(new IPEndPoint(address, port), engine, clock.Options.Path, server.Id);
    }

    private void Release()
    {
        _scraper?.Dispose();
        _scraper = null;
        _relay?.Slot.Dispose();
        _relay = null;
        _assignment = null;
    }
}
