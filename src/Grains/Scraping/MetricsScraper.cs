using System.Diagnostics;
using Orleans.Inference.Picking;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Reads the metrics of one model server again and again and hands each outcome to its sink.</summary>
/// <remarks>
/// <see cref="Start"/> and <see cref="Dispose"/> are safe from any thread; everything else happens on the one lane of the <see cref="ScrapeClock"/>
/// that the scraper was given, off any grain's turn, so two scrapes of one server never overlap.
/// </remarks>
internal sealed class MetricsScraper : IDisposable
{
    private readonly IScrapeSink _sink;
    private readonly ScrapeClock _clock;
    private readonly ScrapeTimes _times;
    private readonly ScrapeRequests _requests;
    private readonly ScrapeConnection _connection;
    private readonly MetricsPage _page;
    private readonly ServerFigures _figures;
    private readonly FilterFinding _filter;
    private readonly FailureAnnouncer _announcer;

    private int _life;
    private bool _isScraping;
    private bool _isFiltered;
    private bool _hasFollowed;
    private long _phase;
    private long _dueAt;
    private long _startedAt;
    private long _sampledAt = PoolView.NeverSampled;
    private int _failuresInARow;
    private int _knownReconnects;

    public MetricsScraper(ScrapeTarget target, IScrapeSink sink, ScrapeClock clock)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(clock);
        Target = target;
        _sink = sink;
        _clock = clock;
        _times = clock.Times;
        _requests = new ScrapeRequests(target, clock.Tls is null ? "http" : "https");
        _connection = new ScrapeConnection(target.EndPoint, clock.Options.MaxPageBytes, clock.Tls);
        _page = new MetricsPage(target.Engine);
        _figures = new ServerFigures(target.Engine);
        _filter = new FilterFinding(clock.Options.FilteredScrape == FilteredScrapeMode.Auto, _times.Second, _times.FilterRecheck);
        _announcer = new FailureAnnouncer(target, clock.Logger, quietTime: _times.Second);
    }

    public ScrapeTarget Target { get; }

    /// <summary>Disposed: the lane drops it.</summary>
    internal bool IsEnded => Volatile.Read(ref _life) == Life.Ended;

    /// <summary>A scrape is under way.</summary>
    internal bool IsScraping => _isScraping;

    /// <summary>Begins scraping; the first scrape comes within one interval, at the latest after a second. Another call does nothing.</summary>
    public void Start()
    {
        if (Interlocked.CompareExchange(ref _life, Life.Started, Life.New) == Life.New)
        {
            _clock.Add(this);
        }
    }

    /// <summary>Ends scraping; the connection is closed by the lane within a slot.</summary>
    public void Dispose() => Volatile.Write(ref _life, Life.Ended);

    /// <summary>When the first scrape is due.</summary>
    /// <param name="place">Servers that its lane had before.</param>
    internal long Schedule(long now, int place)
    {
        _phase = _times.PhaseOf(place);
        return _dueAt = _times.FirstDue(now, _phase);
    }

    /// <summary>Starts the due scrape, or goes on with the one under way.</summary>
    /// <returns>When to be called again.</returns>
    internal long Advance(long now, byte[] buffer, Random random)
    {
        if (!_isScraping)
        {
            _startedAt = now;
            Begin(_filter.IsFiltered(now));
        }

        var progress = _connection.Advance(buffer, _page);
        if (progress == ScrapeProgress.Pending && now - _startedAt >= _times.Timeout)
        {
            return OnFailure(new ScrapeHealth(ScrapeFailure.TimedOut), now, random);
        }

        return progress switch
        {
            ScrapeProgress.Succeeded => OnPage(random),
            ScrapeProgress.Failed => OnFailure(_connection.Fault, now, random),
            _ => NextLook(now),
        };
    }

    /// <summary>After an exception: drops what was under way.</summary>
    internal long OnException(long now, Random random)
    {
        _isScraping = false;
        _connection.Abort();
        return _dueAt = _times.NextTry(failures: int.MaxValue, now, random);
    }

    /// <summary>Closes the connection; called by the lane when it drops the scraper.</summary>
    internal void Close() => _connection.Dispose();

    private void Begin(bool filtered)
    {
        Debug.Assert(!_isScraping || filtered != _isFiltered || _hasFollowed);
        _isScraping = true;
        _isFiltered = filtered;
        _page.Begin();
        _connection.Begin(filtered ? _requests.Filtered : _requests.Whole);
    }

    /// <summary>Looks often at first, then ever less often: an answer is seen at most an eighth of its own time late.</summary>
    private long NextLook(long now) => now + ((now - _startedAt) / 8);

    private long OnPage(Random random)
    {
        var now = _clock.Time.GetTimestamp();
        if (_isFiltered)
        {
            if (!_filter.OnFiltered(_page.SeenSpecs, _connection.BodyBytes, now))
            {
                return AskForWhole(now);
            }
        }
        else if (_page.SeenSpecs != 0)
        {
            _filter.OnWhole(_page.SeenSpecs, _connection.BodyBytes);
        }

        NoteReconnects();
        var outcome = _figures.Apply(_page);
        _clock.Counters.AddFaults(outcome);
        if (outcome.Applied == 0)
        {
            return OnFailure(new ScrapeHealth(outcome.Bad == 0 ? ScrapeFailure.NoFamilies : ScrapeFailure.BadValues), now, random);
        }

        _isScraping = false;
        _failuresInARow = 0;
        _sampledAt = now;
        _clock.Counters.AddSuccess(_isFiltered);
        _announcer.OnSuccess(outcome.Bad, now);
        _dueAt = _times.NextDue(_dueAt, now, _phase);
        Report(ScrapeHealth.Healthy);
        return _dueAt;
    }

    private long OnFailure(ScrapeHealth health, long now, Random random)
    {
        _connection.Abort();
        if (_isFiltered && MayFilterBeToBlame(health.Failure))
        {
            // A connection that was closed without a byte was tried twice; that says nothing of another process behind the address.
            _knownReconnects = _connection.Reconnects;
            _filter.OnNoSense(now);
            return AskForWhole(now);
        }

        if (!_hasFollowed && _connection.Location is { } location && _requests.Follow(location))
        {
            _hasFollowed = true;
            Begin(filtered: false);
            return now;
        }

        if (_hasFollowed)
        {
            _hasFollowed = false;
            _requests.Unfollow();
        }

        _isScraping = false;
        _failuresInARow++;
        _filter.OnReplaced();
        _clock.Counters.AddFailure();
        _announcer.OnFailure(health, now);
        _dueAt = _times.NextTry(_failuresInARow, now, random);
        Report(health);
        return _dueAt;
    }

    /// <summary>A whole page will tell, unless it is plain that the server itself is away.</summary>
    private bool MayFilterBeToBlame(ScrapeFailure failure) => failure switch
    {
        ScrapeFailure.Connect or ScrapeFailure.Tls or ScrapeFailure.BadValues => false,
        ScrapeFailure.TimedOut or ScrapeFailure.Reset => _filter.IsTrial,
        _ => true,
    };

    private long AskForWhole(long now)
    {
        _startedAt = now;
        Begin(filtered: false);
        return now;
    }

    private void NoteReconnects()
    {
        if (_connection.Reconnects != _knownReconnects)
        {
            _knownReconnects = _connection.Reconnects;
            _filter.OnReplaced();
        }
    }

    private void Report(ScrapeHealth health)
    {
        if (!IsEnded)
        {
            _sink.OnSample(new ScrapeSample(_figures.Queued, _figures.Running, _figures.KvUsage, _figures.Lora, _figures.Cache, _sampledAt, health));
        }
    }

    private static class Life
    {
        public const int New = 0;
        public const int Started = 1;
        public const int Ended = 2;
    }
}
