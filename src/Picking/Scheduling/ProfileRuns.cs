namespace Orleans.Inference.Picking.Scheduling;

/// <summary>Finds a profile among those that ran.</summary>
internal static class ProfileRuns
{
    /// <summary>Place of the run of the profile of an index; -1 where it did not run.</summary>
    public static int PlaceOf(this ReadOnlySpan<ProfileRun> runs, int profile)
    {
        for (var i = 0; i < runs.Length; i++)
        {
            if (runs[i].Profile == profile)
            {
                return i;
            }
        }

        return -1;
    }
}
