namespace Orleans.Inference.Grains.Contracts;

/// <summary>What the pool says to a batch of reports.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Unwanted">Rows whose slot the pool does not know: of servers that left it, or of a former activation.</param>
[GenerateSerializer, Immutable, Alias("Orleans.Inference.ReportReply")]
public sealed record ReportReply([property: Id(0)] int[] Unwanted)
{
    /// <summary>The pool knows all of them.</summary>
    public static readonly ReportReply AllWanted = new(Array.Empty<int>());
}
