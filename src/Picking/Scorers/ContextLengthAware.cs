using System.Globalization;
using System.Runtime.CompilerServices;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary>
/// <c>context-length-aware</c>: prefers servers whose label says a range of prompt lengths that the request is in, narrow ones and those with room above it most; as a filter keeps those and servers without
/// the label, and refuses the request where there is none, as the reference does.
/// </summary>
/// <remarks>Safe from any thread. Labels are read once for each membership of a pool.</remarks>
public sealed class ContextLengthAware(ContextLengthAwareParameters parameters) : IScorer, IFilter
{
    /// <summary>The default of <c>label</c>.</summary>
    public const string DefaultLabel = "llm-d.ai/context-length-range";

    private static readonly (long Min, long Max) NoLabel = (-1, 0);
    private static readonly (long Min, long Max) BadLabel = (-2, 0);

    private readonly ConditionalWeakTable<ModelServer[], (long Min, long Max)[]> _ranges = [];

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<ContextLengthAware, ContextLengthAwareParameters>("context-length-aware", (parameters, _) => new(parameters)) with
    {
        Summary = "Prefers servers whose pod has a label `min-max` with a range of tokens that the prompt is in. As a filter, with `enableFiltering`, keeps those and servers without the label: a prompt that no server is for gets 429.",
        Consumes = PluginData.Tokens,
        Formula = "in the range: 0.3 + 0.7 · (0.7 / (1 + width / 10000) + 0.3 · (max − length) / width), 1 where the width is 0; outside: 0.3 / (1 + distance / 1000); without the label 0.5; with one that is no range 0",
        Example = """
            - type: context-length-aware
              parameters:
                label: example.com/context
                enableFiltering: true
            """,
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        var ranges = _ranges.GetValue(context.View.Membership, Read);
        var length = context.Request.EstimatedPromptTokens;
        for (var i = 0; i < candidates.Length; i++)
        {
            scores[i] = Score(ranges[candidates[i]], length);
        }
    }

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        if (!parameters.EnableFiltering)
        {
            return candidates.Length;
        }

        var ranges = _ranges.GetValue(context.View.Membership, Read);
        var length = context.Request.EstimatedPromptTokens;
        var kept = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var range = ranges[candidates[i]];
            if (range == NoLabel || (range != BadLabel && range.Min <= length && length <= range.Max))
            {
                candidates[kept++] = candidates[i];
            }
        }

        return kept;
    }

    private static double Score((long Min, long Max) range, long length)
    {
        if (range.Min < 0)
        {
            return range == NoLabel ? 0.5 : 0;
        }

        var distance = Math.Max(range.Min - length, length - range.Max);
        if (distance > 0)
        {
            return 0.3 / (1 + (distance / 1000.0));
        }

        double width = range.Max - range.Min;
        return width == 0 ? 1 : 0.3 + (0.7 * ((0.7 / (1 + (width / 10_000))) + (0.3 * (range.Max - length) / width)));
    }

    private (long Min, long Max)[] Read(ModelServer[] servers) => [.. servers.Select(server => server.Labels.TryGetValue(parameters.Label, out var text) ? Parse(text) : NoLabel)];

    private static (long Min, long Max) Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var min)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var max)
            && min <= max
                ? (min, max)
                : BadLabel;
    }
}
