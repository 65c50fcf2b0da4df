namespace Orleans.Inference.Fuzz;

/// <summary>What came of one input.</summary>
/// <param name="Accepted">It got past the first checks; the share of these shows how deep the mutations reach.</param>
/// <param name="Fault">What did not hold; null when everything did.</param>
internal readonly record struct FuzzOutcome(bool Accepted, string? Fault)
{
    public static FuzzOutcome Failed(string fault) => new(false, fault);
}
