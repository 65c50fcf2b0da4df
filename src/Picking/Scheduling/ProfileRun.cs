namespace Orleans.Inference.Picking.Scheduling;

/// <summary>One profile that ran for a request.</summary>
/// <param name="Profile">Index of the profile.</param>
/// <param name="Start">Where its picks begin in the decision's picks.</param>
/// <param name="Count">How many it picked; 0 where its filters left nothing.</param>
/// <param name="Best">The first of its picks, as an index into the view; -1 where it picked nothing.</param>
public readonly record struct ProfileRun(int Profile, int Start, int Count, int Best = -1);
