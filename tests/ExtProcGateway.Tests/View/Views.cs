using Orleans.Inference.Picking;
using Orleans.Inference.Picking.Policies;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

internal static class Views
{
    /// <summary>All that a view says, one line for each server, in its order.</summary>
    public static string[] Describe(PoolView view) =>
    [
        .. Enumerable.Range(0, view.Count).Select(i =>
            $"{view.Servers[i].Id} {view.Servers[i].Address} {{{string.Join(",", view.Servers[i].Labels.OrderBy(label => label.Key).Select(label => $"{label.Key}={label.Value}"))}}} "
            + $"q={view.Queued[i]} r={view.Running[i]} kv={view.KvUsage[i]} at={view.SampledAt[i]} "
            + $"lora={string.Join("+", view.Lora[i].Active.ToArray())}/{string.Join("+", view.Lora[i].Waiting.ToArray())}/{view.Lora[i].MaxActive} cache={view.Cache[i]}"),
    ];

    /// <summary>All that policies say, one line for each.</summary>
    public static string[] Describe(PoolPolicies policies) =>
    [
        .. policies.Objectives.Select(objective => $"{objective.Key}={objective.Value}").Order(StringComparer.Ordinal),
        .. policies.ModelPriorities.Select(model => $"{model.Key}={model.Value}").Order(StringComparer.Ordinal),
        .. policies.Rules.Select(rule => $"{rule.Name}: {string.Join('+', rule.Models)} -> {string.Join('+', rule.Targets)}"),
    ];
}
