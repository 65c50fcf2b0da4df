using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Admission;

/// <summary>
/// <c>probabilistic-admitter</c>: denies requests with a priority below 0 by chance, with p = min(1, k · saturation^power), where the saturation is the mean of
/// max(queued / threshold, KV usage / threshold) over the servers.
/// </summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class ProbabilisticAdmitter(ProbabilisticAdmitterParameters parameters) : IAdmitter
{
    /// <summary>What a client is told.</summary>
    public const string Reason = "system is saturated, sheddable request rejected";

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<ProbabilisticAdmitter, ProbabilisticAdmitterParameters>(
        "probabilistic-admitter", (parameters, _) => new(parameters)) with
    {
        Summary = "Denies requests with a priority below 0 by chance, the more likely the fuller the pool is. As in the reference picker, a denial is answered with status 500.",
        Formula = "p = min(1, k · saturation^power); saturation = mean over the servers of max(queued / queueDepthThreshold, KV usage / kvCacheUtilThreshold)",
        Example = """
            - type: probabilistic-admitter
              parameters:
                power: 3
                k: 20
            """,
    };

    /// <inheritdoc/>
    public string? Deny(in PickContext context, ReadOnlySpan<int> servers)
    {
        if (context.Request.Priority >= 0)
        {
            return null;
        }

        var chance = parameters.K * Math.Pow(Saturation(context.View, servers), parameters.Power);
        return chance > 0 && context.Random.NextDouble() < chance ? Reason : null;
    }

    private double Saturation(PoolView view, ReadOnlySpan<int> servers)
    {
        var sum = 0.0;
        var queued = view.Queued;
        var kv = view.KvUsage;
        foreach (var server in servers)
        {
            sum += Math.Max((double)queued[server] / parameters.QueueDepthThreshold, kv[server] / parameters.KvCacheUtilThreshold);
        }

        return sum / servers.Length;
    }
}
