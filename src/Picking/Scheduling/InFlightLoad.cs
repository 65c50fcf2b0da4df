namespace Orleans.Inference.Picking.Scheduling;

/// <summary>What was sent to each server and is not answered yet, by its index in the view; both columns are empty where nothing is known.</summary>
/// <param name="requests">Requests in flight, never negative.</param>
/// <param name="tokens">Their tokens, never negative.</param>
public readonly ref struct InFlightLoad(ReadOnlySpan<int> requests, ReadOnlySpan<long> tokens)
{
    /// <summary>Requests in flight on each server of the view.</summary>
    public ReadOnlySpan<int> Requests { get; } = requests;

    /// <summary>Tokens in flight on each server of the view.</summary>
    public ReadOnlySpan<long> Tokens { get; } = tokens;
}
