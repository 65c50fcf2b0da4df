namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>What was read of a request's body.</summary>
/// <param name="Model">The model asked for; empty where it is missing or no string.</param>
/// <param name="Stream">The answer is wanted as server-sent events.</param>
/// <param name="Error">Why the body is refused; null where it is not.</param>
internal readonly record struct ParsedRequest(string Model, bool Stream, string? Error)
{
    /// <summary>A body that is refused.</summary>
    public static ParsedRequest Refused(string error) => new("", false, error);
}
