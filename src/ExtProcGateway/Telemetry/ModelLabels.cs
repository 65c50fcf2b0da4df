using System.Runtime.CompilerServices;
using Orleans.Inference.ExtProcGateway.View;
using Orleans.Inference.Picking.Policies;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>
/// Models as the labels of metrics name them: the first <see cref="RequestMetrics.NameLimit"/> that clients name, and all that a pool's policies name, so that no flood
/// of names takes the place of a model that operators have configured.
/// </summary>
/// <remarks>Safe from any thread.</remarks>
/// <param name="pools">Whose policies are looked at; null for none.</param>
internal sealed class ModelLabels(PoolRegistry? pools)
{
    private readonly LabelCap _cap = new(RequestMetrics.NameLimit);
    private readonly ConditionalWeakTable<PoolPolicies, object?> _admitted = [];

    /// <summary>The model's name, or <see cref="LabelCap.Other"/>.</summary>
    public string Bound(string model)
    {
        if (!_cap.IsAdmitted(model))
        {
            AdmitConfigured();
        }

        return _cap.Bound(model);
    }

    private void AdmitConfigured()
    {
        if (pools is null)
        {
            return;
        }

        foreach (var pool in pools.Pools)
        {
            var policies = pool.Policies;
            if (policies.Models.Count > 0 && _admitted.TryAdd(policies, null))
            {
                foreach (var model in policies.Models)
                {
                    _cap.Admit(model);
                }
            }
        }
    }
}
