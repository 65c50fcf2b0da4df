namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Decides which profiles run for a request, one after the other, and whose result is the destination.</summary>
/// <remarks>One instance serves all requests of all threads.</remarks>
public interface IProfileHandler
{
    /// <summary>Returned by <see cref="Next"/> when no further profile is to run.</summary>
    const int Done = -1;

    /// <summary>Index of the profile to run next, or <see cref="Done"/>.</summary>
    /// <param name="runs">What has run so far, in order.</param>
    int Next(in PickContext context, ReadOnlySpan<ProfileRun> runs);

    /// <summary>Index in <paramref name="runs"/> of the run that names the destination.</summary>
    int Primary(in PickContext context, ReadOnlySpan<ProfileRun> runs);
}
