namespace Orleans.Inference.Picking.Scheduling;

/// <summary>How a decision ended.</summary>
public enum PickOutcome
{
    /// <summary>At least one server was picked.</summary>
    Picked,

    /// <summary>The pool has no model server, or none that the request may use.</summary>
    NoCandidates,

    /// <summary>The profile handler named no profile.</summary>
    NoProfile,

    /// <summary>The filters left none of the candidates.</summary>
    FiltersDrained,
}
