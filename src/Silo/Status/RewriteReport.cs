namespace Orleans.Inference.Silo.Status;

/// <summary>One rewrite rule in the report.</summary>
/// <param name="Name">Name of the object that it is part of.</param>
/// <param name="Models">Models that it is for; empty means all.</param>
/// <param name="Targets">The models that serve them.</param>
internal sealed record RewriteReport(string Name, string[] Models, RewriteTargetReport[] Targets);
