namespace Orleans.Inference.Silo.Status;

/// <summary>One target of a rewrite rule in the report.</summary>
/// <param name="Weight">Its share in relation to the others; null where it has none.</param>
internal sealed record RewriteTargetReport(string Model, int? Weight);
