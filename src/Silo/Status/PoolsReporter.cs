using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Policies;

namespace Orleans.Inference.Silo.Status;

/// <summary>Reports the pools as this process's gateway sees them.</summary>
internal sealed class PoolsReporter(PoolRegistry registry, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    public PoolsReport Report() => new(
        registry.IsWarm,
        (long)time.GetElapsedTime(_started).TotalSeconds,
        [.. registry.Pools.OrderBy(pool => pool.Pool, StringComparer.Ordinal).Select(Report)]);

    private PoolReport Report(PoolState pool)
    {
        var spec = pool.Spec;
        var view = pool.View;
        var picker = spec?.EndpointPicker is not { } reference ? null : reference.Port is { } port ? $"{reference.Name}:{port}" : reference.Name;
        return new(pool.Pool, spec is not null, pool.HasFigures, view?.Version ?? 0, spec is null ? [] : [.. spec.TargetPorts], picker, Report(pool.Policies), view is null ? [] : ReportServers(view));
    }

    private static PoliciesReport Report(PoolPolicies policies) => new(
        new(policies.Objectives, StringComparer.Ordinal),
        new(policies.ModelPriorities, StringComparer.Ordinal),
        [.. policies.Rules.Select(rule => new RewriteReport(rule.Name, [.. rule.Models], [.. rule.Targets.Select(target => new RewriteTargetReport(target.Model, target.Weight))]))]);

    private ModelServerReport[] ReportServers(PoolView view)
    {
        var now = time.GetMilliseconds();
        var servers = new ModelServerReport[view.Count];
        for (var i = 0; i < servers.Length; i++)
        {
            var sampledAt = view.SampledAt[i];
            servers[i] = new(
                view.Servers[i].Id,
                view.Servers[i].Address,
                view.Queued[i],
                view.Running[i],
                Math.Round(view.KvUsage[i], 4),
                sampledAt == PoolView.NeverSampled ? null : Math.Max(0, now - sampledAt),
                view.Lora[i].Active.ToArray(),
                view.Lora[i].Waiting.ToArray(),
                view.Lora[i].MaxActive,
                view.Cache[i].BlockCount,
                view.Cache[i].BlockSize);
        }

        return servers;
    }
}
