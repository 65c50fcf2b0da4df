namespace Orleans.Inference.Grains.Scraping;

/// <summary>What scraping has done since the process began; safe from any thread.</summary>
internal sealed class ScrapeCounters
{
    private long _succeeded;
    private long _failed;
    private long _filtered;
    private long _missing;
    private long _bad;

    public long Succeeded => Volatile.Read(ref _succeeded);

    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Of the succeeded, those that asked for the wanted families only.</summary>
    public long Filtered => Volatile.Read(ref _filtered);

    /// <summary>Figures that a page of its engine should have and did not.</summary>
    public long MissingFigures => Volatile.Read(ref _missing);

    /// <summary>Figures that were malformed, not finite, negative or out of range.</summary>
    public long BadFigures => Volatile.Read(ref _bad);

    public void AddSuccess(bool filtered)
    {
        Interlocked.Increment(ref _succeeded);
        if (filtered)
        {
            Interlocked.Increment(ref _filtered);
        }
    }

    public void AddFailure() => Interlocked.Increment(ref _failed);

    public void AddFaults(in PageOutcome outcome)
    {
        if (outcome.Missing != 0)
        {
            Interlocked.Add(ref _missing, outcome.Missing);
        }

        if (outcome.Bad != 0)
        {
            Interlocked.Add(ref _bad, outcome.Bad);
        }
    }
}
