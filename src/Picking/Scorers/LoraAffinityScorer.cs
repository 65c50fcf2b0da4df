using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>
/// <c>lora-affinity-scorer</c>: 1 where the adapter is active; else 0.8 where a slot is free (active + waiting &lt; max); else 0.6 where the adapter
/// waits to be loaded; else 0.
/// </summary>
public sealed class LoraAffinityScorer : IScorer
{
    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of("lora-affinity-scorer", _ => new LoraAffinityScorer()) with
    {
        Summary = "Prefers servers that have the request's LoRA adapter loaded, then those with a free place for it.",
        Formula = "1 where the adapter is active; else 0.8 where active + waiting < max_lora; else 0.6 where the adapter waits to be loaded; else 0",
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var lora = context.View.Lora;
        var model = context.Request.TargetModel;
        var mark = LoraState.MarkOf(model);
        for (var i = 0; i < candidates.Length; i++)
        {
            var state = lora[candidates[i]];
            scores[i] = state.MayHave(mark) ? Score(state, model) : state.HasRoom ? 0.8 : 0;
        }
    }

    private static double Score(LoraState state, string model) =>
        state.Active.Contains(model) ? 1
        : state.HasRoom ? 0.8
        : state.Waiting.Contains(model) ? 0.6
        : 0;
}
