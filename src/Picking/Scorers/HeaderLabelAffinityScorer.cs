using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary><c>header-label-affinity-scorer</c>: 1 where a label of the server's pod has the value of a header of the request; else 0.</summary>
/// <param name="headerName"><c>headerName</c>.</param>
/// <param name="labelKey"><c>labelKey</c>.</param>
public sealed class HeaderLabelAffinityScorer(string headerName, string labelKey) : IScorer
{
    private readonly LabelColumn _label = new(labelKey);

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<HeaderLabelAffinityScorer, HeaderLabelAffinityScorerParameters>(
        "header-label-affinity-scorer", (parameters, _) => new(parameters.HeaderName, parameters.LabelKey)) with
    {
        Summary = "Prefers servers whose pod has a label with the value of a header of the request.",
        Formula = "1 where label and header are equal; else 0",
        Example = """
            - type: header-label-affinity-scorer
              parameters:
                headerName: x-zone
                labelKey: topology.kubernetes.io/zone
            """,
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        if (context.Request.Headers is not { } headers || !headers.TryGet(headerName, out var wanted))
        {
            scores.Clear();
            return;
        }

        var labels = _label.Of(context.View);
        for (var i = 0; i < candidates.Length; i++)
        {
            scores[i] = labels[candidates[i]] == wanted ? 1 : 0;
        }
    }
}
