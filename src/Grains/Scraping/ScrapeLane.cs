namespace Orleans.Inference.Grains.Scraping;

/// <summary>Scrapes some hundreds of model servers, one after the other and never waiting for any.</summary>
/// <remarks>Only one thread at a time is in a lane.</remarks>
internal sealed class ScrapeLane : IDisposable
{
    // Larger than a usual page (50 KB) and than what the kernel hands over in one read, so that most pages are read at once.
    private const int BufferBytes = 256 * 1024;

    /// <summary>A lane looks this often at what was added to it or has ended, also where nothing is due.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(50);

    private readonly ScrapeClock _clock;
    private readonly Random _random;
    private readonly Lock _lock = new();
    private readonly List<MetricsScraper> _added = [];
    private readonly List<MetricsScraper> _scrapers = [];
    private readonly ISlotDriver _slots;
    private long[] _dueAt = new long[16];
    private byte[]? _buffer;
    private int _count;
    private bool _isRunning;
    private int _isInTick;
    private volatile bool _isEnded;

    public ScrapeLane(ScrapeClock clock, Random random)
    {
        _clock = clock;
        _random = random;
        var slot = clock.Options.Slot;
        _slots = clock.Time == TimeProvider.System ? new ThreadSlotDriver(Tick) : new TimerSlotDriver(clock.Time, slot, Tick);
    }

    /// <summary>Servers that it scrapes.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(MetricsScraper scraper)
    {
        lock (_lock)
        {
            _added.Add(scraper);
            Interlocked.Increment(ref _count);
            if (!_isRunning && !_isEnded)
            {
                _isRunning = true;
                _slots.Start();
            }
        }
    }

    /// <summary>Starts what is due and goes on with what is under way; a slot that finds the one before still at work is left out.</summary>
    /// <returns>How long nothing is to be done: a slot at least.</returns>
    public TimeSpan Tick()
    {
        if (Interlocked.Exchange(ref _isInTick, 1) != 0)
        {
            return _clock.Options.Slot;
        }

        var next = long.MaxValue;
        try
        {
            var now = _clock.Time.GetTimestamp();
            TakeAdded(now);
            var buffer = _buffer ??= GC.AllocateUninitializedArray<byte>(BufferBytes);
            for (var i = 0; i < _scrapers.Count; i++)
            {
                if (_scrapers[i].IsEnded)
                {
                    Drop(i--);
                }
                else
                {
                    if (_dueAt[i] <= now)
                    {
                        _dueAt[i] = Advance(_scrapers[i], now, buffer);
                    }

                    next = Math.Min(next, _dueAt[i]);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isInTick, 0);
        }

        CloseIfEnded();
        return RestUntil(next);
    }

    /// <summary>Stops and closes the connections, those of a slot under way at its end.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isEnded = true;
            _slots.Dispose();
        }

        CloseIfEnded();
    }

    private TimeSpan RestUntil(long next)
    {
        var now = _clock.Time.GetTimestamp();
        var rest = next <= now ? TimeSpan.Zero : next == long.MaxValue ? LongestRest : _clock.Time.GetElapsedTime(now, next);
        return rest < _clock.Options.Slot ? _clock.Options.Slot : rest > LongestRest ? LongestRest : rest;
    }

    private void CloseIfEnded()
    {
        // Whoever sets the flag last of «ended» and «not in a slot» closes; the slot is then never left, so that no other begins.
        if (_isEnded && Interlocked.Exchange(ref _isInTick, 1) == 0)
        {
            _scrapers.ForEach(scraper => scraper.Close());
        }
    }

    private long Advance(MetricsScraper scraper, long now, byte[] buffer)
    {
        try
        {
            return scraper.Advance(now, buffer, _random);
        }
#pragma warning disable CA1031 // one server's fault, or its sink's, must not end the scraping of the others
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ScrapeLog.Threw(_clock.Logger, exception, scraper.Target.Name, scraper.Target.EndPoint);
            return scraper.OnException(now, _random);
        }
    }

    private void TakeAdded(long now)
    {
        lock (_lock)
        {
            foreach (var scraper in _added)
            {
                if (_scrapers.Count == _dueAt.Length)
                {
                    Array.Resize(ref _dueAt, _dueAt.Length * 2);
                }

                _dueAt[_scrapers.Count] = scraper.Schedule(now, _scrapers.Count);
                _scrapers.Add(scraper);
            }

            _added.Clear();
            if (_scrapers.Count == 0 && _isRunning && !_isEnded)
            {
                _isRunning = false;
                _buffer = null;
                _slots.Stop();
            }
        }
    }

    private void Drop(int index)
    {
        _scrapers[index].Close();
        var last = _scrapers.Count - 1;
        _scrapers[index] = _scrapers[last];
        _dueAt[index] = _dueAt[last];
        _scrapers.RemoveAt(last);
        Interlocked.Decrement(ref _count);
    }
}
