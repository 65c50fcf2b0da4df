using System.Runtime.CompilerServices;

namespace Orleans.Inference.Picking.Scheduling;

/// <summary>The values of one label over the servers of a pool, looked up once for each membership.</summary>
/// <remarks>Safe from any thread.</remarks>
/// <param name="label">The label's key.</param>
public sealed class LabelColumn(string label)
{
    private readonly ConditionalWeakTable<ModelServer[], string?[]> _values = [];

    /// <summary>The label's value of each server of the view, by index; null where the pod has no such label. Costs one look-up, and a walk through all labels for a new membership.</summary>
    public ReadOnlySpan<string?> Of(PoolView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return _values.GetValue(view.Membership, Read);
    }

    private string?[] Read(ModelServer[] servers) => [.. servers.Select(server => server.Labels.GetValueOrDefault(label))];
}
