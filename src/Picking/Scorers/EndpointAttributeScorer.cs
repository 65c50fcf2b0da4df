using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Scorers;

/// <summary><c>endpoint-attribute-scorer</c>: the place of a figure or label of the server in a range, given or that of the candidates; 0 where the server has none, 1 where all are equal.</summary>
public sealed class EndpointAttributeScorer : IScorer
{
    internal const string LowerIsBetter = "linear_lower_is_better";
    internal const string HigherIsBetter = "linear_higher_is_better";

    private readonly ServerAttribute _attribute;
    private readonly bool _lowerIsBetter;
    private readonly (double Min, double Max)? _range;

    /// <param name="attribute">See <see cref="ServerAttribute.Names"/>.</param>
    /// <param name="range">Null for the range of the candidates.</param>
    public EndpointAttributeScorer(string attribute, bool lowerIsBetter, (double Min, double Max)? range = null)
    {
        _attribute = ServerAttribute.Of(attribute);
        _lowerIsBetter = lowerIsBetter;
        _range = range;
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<EndpointAttributeScorer, EndpointAttributeScorerParameters>("endpoint-attribute-scorer", Create) with
    {
        Summary = "Prefers servers by any one of their figures, or by a label of their pod that is a number.",
        Formula = "(value − min) / (max − min), or 1 minus that where lower is better, over the candidates or a fixed range, within 0 and 1; 1 where all are equal; 0 without the attribute",
        Example = """
            - type: endpoint-attribute-scorer
              parameters:
                attributeKey: example.com/gpu-memory-gib
                algorithm:
                  type: linear_higher_is_better
                  normalization:
                    fixedRange:
                      min: 0
                      max: 80
            """,
    };

    /// <inheritdoc/>
    public void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores)
    {
        _attribute.Read(context, candidates, scores);
        var (min, max) = _range ?? RangeOf(scores);
        var range = max - min;
        for (var i = 0; i < scores.Length; i++)
        {
            var value = scores[i];
            scores[i] = double.IsNaN(value) ? 0
                : range == 0 ? 1
                : Math.Clamp((_lowerIsBetter ? max - value : value - min) / range, 0, 1);
        }
    }

    private static (double Min, double Max) RangeOf(ReadOnlySpan<double> values)
    {
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            // Comparisons with NaN are false.
            min = value < min ? value : min;
            max = value > max ? value : max;
        }

        return (min, max);
    }

    private static EndpointAttributeScorer Create(EndpointAttributeScorerParameters parameters, PluginContext context)
    {
        context.Resolve<object>(parameters.Producer);
        var normalization = parameters.Algorithm.Normalization;
        if (normalization is { FixedRange: not null, AdaptiveRange: not null })
        {
            context.Fault("algorithm", "fixedRange and adaptiveRange exclude each other");
        }

        (double Min, double Max)? range = null;
        if (normalization.FixedRange is { } given)
        {
            range = (given.Min, given.Max);
            if (given.Min >= given.Max)
            {
                context.Fault("algorithm", "the minimum of fixedRange must be below its maximum");
            }
        }

        // Required, and told where it is missing.
        return new(parameters.AttributeKey.Length == 0 ? "-" : parameters.AttributeKey, parameters.Algorithm.Type == LowerIsBetter, range);
    }
}
