namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Says how well each candidate suits the request.</summary>
/// <remarks>One instance serves all requests of all threads.</remarks>
public interface IScorer
{
    /// <summary>Writes a score from 0 (worst) to 1 (best) for each candidate; what lies outside is clamped by the profile.</summary>
    /// <param name="candidates">Indexes into the view's columns; at least one.</param>
    /// <param name="scores">As long as <paramref name="candidates"/>; holds left-overs on entry.</param>
    void Score(in PickContext context, ReadOnlySpan<int> candidates, Span<double> scores);
}
