namespace Orleans.Inference.Silo.Status;

/// <summary>A pool's policies in the report.</summary>
/// <param name="Objectives">Priorities by the names of InferenceObjectives.</param>
/// <param name="Models">Priorities by the names of models (InferenceModel's criticality).</param>
/// <param name="Rewrites">Rules for models, the one that takes precedence first.</param>
internal sealed record PoliciesReport(SortedDictionary<string, int> Objectives, SortedDictionary<string, int> Models, RewriteReport[] Rewrites);
