namespace Orleans.Inference.Grains.Scraping;

/// <summary>What has been found out about one model server's filtered answers, and so what to ask it for next.</summary>
/// <remarks>
/// A whole page says which families the server has; then one filtered answer is compared with it. It must have all of them and be smaller. A server that
/// passes is asked for only those until an answer makes no sense any more, the connection was replaced, or the finding has grown old; one that
/// does not pass (another engine, a multi-process registry, which answers with nothing) is tried again after a pause that doubles. Times are timestamps.
/// </remarks>
internal sealed class FilterFinding(bool enabled, long firstPause, long recheckAfter)
{
    private Step _step = enabled ? Step.Reference : Step.Whole;
    private uint _expected;
    private long _wholeSize;
    private long _until = enabled ? 0 : long.MaxValue;
    private long _pause = firstPause;

    private enum Step
    {
        /// <summary>The next whole page is what a filtered answer will be compared with.</summary>
        Reference,

        /// <summary>The next answer is filtered and compared.</summary>
        Trial,

        Filtered,

        Whole,
    }

    /// <summary>The answer to come decides whether the server can filter.</summary>
    public bool IsTrial => _step == Step.Trial;

    /// <summary>Whether the next scrape asks for the wanted families only.</summary>
    public bool IsFiltered(long now)
    {
        if (_step is Step.Filtered or Step.Whole && now >= _until)
        {
            _step = Step.Reference;
        }

        return _step is Step.Trial or Step.Filtered;
    }

    /// <summary>A whole page came.</summary>
    public void OnWhole(uint seenSpecs, long size)
    {
        if (_step == Step.Reference)
        {
            _expected = seenSpecs;
            _wholeSize = size;
            _step = Step.Trial;
        }
    }

    /// <summary>A filtered answer came.</summary>
    /// <returns>Whether it can be used; if not, the whole page is to be asked for at once.</returns>
    public bool OnFiltered(uint seenSpecs, long size, long now)
    {
        if ((_expected & ~seenSpecs) != 0 || size >= _wholeSize)
        {
            OnNoSense(now);
            return false;
        }

        if (_step == Step.Trial)
        {
            _step = Step.Filtered;
            _until = now + recheckAfter;
        }

        return true;
    }

    /// <summary>A filtered request was not answered with metrics.</summary>
    public void OnNoSense(long now)
    {
        _step = Step.Whole;
        _until = now + _pause;
        _pause = Math.Min(_pause * 2, recheckAfter);
    }

    /// <summary>The server may be another process now.</summary>
    public void OnReplaced()
    {
        if (enabled)
        {
            _step = Step.Reference;
        }
    }
}
