using System.Buffers;
using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.Picking.Filters;

/// <summary><c>utilization-filter</c>: keeps servers of which no figure is above its limit.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
public sealed class UtilizationFilter : IFilter
{
    private readonly (ServerAttribute Figure, double Limit)[] _conditions;
    private readonly bool _fallbackOnEmpty;

    /// <summary>One with these parameters.</summary>
    public UtilizationFilter(UtilizationFilterParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _conditions = [.. parameters.Conditions.Where(condition => condition.Metric.Length > 0).Select(condition => (ServerAttribute.Of(condition.Metric), condition.MaxValue ?? 0))];
        _fallbackOnEmpty = parameters.FallbackOnEmpty;
    }

    /// <summary>What configurations know of it.</summary>
    public static PluginDefinition Definition { get; } = PluginDefinition.Of<UtilizationFilter, UtilizationFilterParameters>("utilization-filter", Create) with
    {
        Summary = "Keeps servers of which no figure is above its limit.",
        Consumes = PluginData.InFlightLoad,
        Example = """
            - type: utilization-filter
              parameters:
                conditions:
                - metric: waiting-queue
                  maxValue: 5
                - metric: kv-cache-utilization
                  maxValue: 0.9
                fallbackOnEmpty: true
            """,
    };

    /// <inheritdoc/>
    public int Keep(in PickContext context, Span<int> candidates)
    {
        var rented = ArrayPool<double>.Shared.Rent(candidates.Length);
        var kept = candidates.Length;
        foreach (var (figure, limit) in _conditions)
        {
            var values = rented.AsSpan(0, kept);
            figure.Read(context, candidates[..kept], values);
            kept = 0;
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] <= limit)
                {
                    // Exchanged, not overwritten: where none is kept, all may have to be.
                    (candidates[kept], candidates[i]) = (candidates[i], candidates[kept]);
                    kept++;
                }
            }
        }

        ArrayPool<double>.Shared.Return(rented);
        return kept == 0 && _fallbackOnEmpty ? candidates.Length : kept;
    }

    private static UtilizationFilter Create(UtilizationFilterParameters parameters, PluginContext context)
    {
        context.Resolve<IDataProducer>(parameters.InFlightLoadProducerName);
        if (parameters.Conditions.Any(condition => condition is { Metric: "kv-cache-utilization", MaxValue: > 1 }))
        {
            context.Fault("conditions", "kv-cache-utilization is a part of 1: its maxValue must be at most 1");
        }

        return new(parameters);
    }
}
