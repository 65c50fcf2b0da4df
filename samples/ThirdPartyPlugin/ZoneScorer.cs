using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace ThirdPartyPlugin;

/// <summary><c>zone-scorer</c>: 1 for servers in our zone, by a label of their pods; else what <c>otherZones</c> says.</summary>
/// <remarks>One instance serves all requests of all threads: it holds nothing that changes.</remarks>
public sealed class ZoneScorer(ZoneScorerParameters parameters) : IScorer
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<ZoneScorer, ZoneScorerParameters>(
        "zone-scorer",
        (parameters, _) => new(parameters)) with
    {
        Summary = "Prefers servers in our zone.",
        Formula = "1 where the pod's label is our zone, else otherZones",
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var servers = context.View.Servers;
        for (var i = 0; i < candidates.Length; i++)
        {
            var isOurs = servers[candidates[i]].Labels.TryGetValue(parameters.Label, out var zone) && zone == parameters.Zone;
            scores[i] = isOurs ? 1 : parameters.OtherZones;
        }
    }
}
