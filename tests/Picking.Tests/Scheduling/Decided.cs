using System.Text;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Tests.Scheduling;

/// <summary>What a configuration decides for one request, as a gateway asks it.</summary>
internal sealed record Decided(PickOutcome Outcome, int[] Picks, IReadOnlyDictionary<string, string?> Headers, int Port, string? Stages, int[] Scored)
{
    /// <summary>Decides. A header that is taken away has the value null.</summary>
    public static Decided By(PickerConfiguration configuration, PoolView view, InferenceRequest? request = null, PrefixMatch? prefix = null, PickScratch? scratch = null)
    {
        scratch ??= new PickScratch();
        var context = new PickContext(view, request ?? new InferenceRequest(), 0, new Random(1), prefix);
        var outcome = configuration.Scheduler.Pick(context, [.. Enumerable.Range(0, view.Count)], scratch, out var picks);
        scratch.Edits.Clear();
        if (outcome == PickOutcome.Picked)
        {
            configuration.Hooks.BeforeRequest(context, scratch.Result, scratch.Edits);
        }

        return new(outcome, picks.ToArray(), Read(scratch.Edits.Headers), scratch.Edits.DestinationPort, scratch.Edits.Disaggregation?.Stages, scratch.Scored.ToArray());
    }

    public static IReadOnlyDictionary<string, string?> Read(HeaderEdits edits)
    {
        var headers = new Dictionary<string, string?>();
        for (var i = 0; i < edits.Count; i++)
        {
            var edit = edits[i];
            headers.Add(Encoding.UTF8.GetString(edit.Name), edit.IsRemoval ? null : Encoding.UTF8.GetString(edit.Value));
        }

        return headers;
    }
}
