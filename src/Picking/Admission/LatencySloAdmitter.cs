using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Admission;

/// <summary>
/// <c>latency-slo-admitter</c>: denies a request with a priority below 0 and a latency objective where predictions exist and no server is predicted to keep the objective, idle or cold.
/// </summary>
/// <remarks>Safe from any thread.</remarks>
public sealed class LatencySloAdmitter : IAdmitter
{
    /// <summary>What a client is told.</summary>
    public const string Reason = "no server can meet the request's latency objectives";

    /// <summary>A server that uses less of its KV cache counts as cold: there is next to nothing to predict by.</summary>
    private const double Cold = 0.02;

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of("latency-slo-admitter", _ => new LatencySloAdmitter()) with
    {
        Summary = "Denies a request with a priority below 0 and a header `x-slo-ttft-ms` or `x-slo-tpot-ms` (or `x-llm-d-slo-ttft-ms`, `x-llm-d-slo-tpot-ms`) where no server is predicted to keep that, runs nothing, or uses less than 2 % of its KV cache. Without predictions all are admitted. As in the reference picker, a denial is answered with status 500.",
        Consumes = PluginData.LatencyPrediction,
    };

    /// <inheritdoc/>
    public string? Deny(in PickContext context, ReadOnlySpan<int> servers)
    {
        if (context.Request.Priority >= 0 || context.Latency.IsEmpty || context.Request.Objectives.IsEmpty)
        {
            return null;
        }

        foreach (var server in servers)
        {
            if (context.Running[server] == 0 || context.KvUsage[server] < Cold || context.Latency.Keeps(server))
            {
                return null;
            }
        }

        return Reason;
    }
}
