namespace Orleans.Inference.Picking.Scheduling;

/// <summary><c>single-profile-handler</c>: runs the one profile there is.</summary>
public sealed class SingleProfileHandler : IProfileHandler
{
    /// <inheritdoc/>
    public int Next(in PickContext context, ReadOnlySpan<ProfileRun> runs) => runs.IsEmpty ? 0 : IProfileHandler.Done;

    /// <inheritdoc/>
    public int Primary(in PickContext context, ReadOnlySpan<ProfileRun> runs) => 0;
}
