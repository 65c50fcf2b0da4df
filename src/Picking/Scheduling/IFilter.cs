namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Removes candidates that must not serve the request.</summary>
/// <remarks>One instance serves all requests of all threads.</remarks>
public interface IFilter
{
    /// <summary>Moves the candidates to keep to the front, in their order, and returns how many they are.</summary>
    /// <param name="candidates">Indexes into the view's columns.</param>
    int Keep(in PickContext context, Span<int> candidates);
}
