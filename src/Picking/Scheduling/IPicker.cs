namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Chooses among scored candidates.</summary>
/// <remarks>One instance serves all requests of all threads.</remarks>
public interface IPicker
{
    /// <summary>How many servers it chooses at most; the first is the destination, the rest are the gateway's fallbacks.</summary>
    int MaxPicks { get; }

    /// <summary>Writes the chosen candidates (indexes into the view), best first, and returns how many they are.</summary>
    /// <param name="candidates">At least one; the picker may reorder it together with <paramref name="totals"/>.</param>
    /// <param name="totals">The weighted sum of scores of each candidate.</param>
    /// <param name="picks">At least <see cref="MaxPicks"/> long.</param>
    int Pick(in PickContext context, Span<int> candidates, Span<double> totals, Span<int> picks);
}
