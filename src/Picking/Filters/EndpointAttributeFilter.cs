using System.Buffers;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Filters;

/// <summary><c>endpoint-attribute-filter</c>: keeps servers by one of their figures, or by a label of their pod that is a number.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class EndpointAttributeFilter : IFilter
{
    private readonly ServerAttribute _attribute;
    private readonly AttributeThreshold _threshold;
    private readonly bool _passesMissing;
    private readonly bool _fallbackOnEmpty;

    private EndpointAttributeFilter(EndpointAttributeFilterParameters parameters)
    {
        // Both are required, and told where they are missing.
        _attribute = ServerAttribute.Of(parameters.Attribute.Length == 0 ? "-" : parameters.Attribute);
        _threshold = parameters.Algorithm.Threshold ?? new AttributeThreshold();
        _passesMissing = parameters.OnMissing == "Pass";
        _fallbackOnEmpty = parameters.FallbackOnEmpty;
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<EndpointAttributeFilter, EndpointAttributeFilterParameters>("endpoint-attribute-filter", Create) with
    {
        Summary = "Keeps servers by any one of their figures, or by a label of their pod that is a number.",
        Consumes = PluginData.InFlightLoad,
        Example = """
            - type: endpoint-attribute-filter
              parameters:
                attribute: example.com/gpu-memory-gib
                onMissing: Fail
                algorithm:
                  type: threshold
                  threshold:
                    operator: GreaterThanOrEqual
                    value: 80
            """,
    };

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        var rented = ArrayPool<double>.Shared.Rent(candidates.Length);
        var values = rented.AsSpan(0, candidates.Length);
        _attribute.Read(context, candidates, values);
        var kept = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]) ? _passesMissing : _threshold.Holds(values[i]))
            {
                // Exchanged, not overwritten: where none is kept, all may have to be.
                (candidates[kept], candidates[i]) = (candidates[i], candidates[kept]);
                kept++;
            }
        }

        ArrayPool<double>.Shared.Return(rented);
        return kept == 0 && _fallbackOnEmpty ? candidates.Length : kept;
    }

    private static EndpointAttributeFilter Create(EndpointAttributeFilterParameters parameters, PluginContext context)
    {
        context.Resolve<object>(parameters.Producer);
        return new(parameters);
    }
}
