using Orleans.Inference.Picking.InFlight;

namespace Orleans.Inference.ExtProcGateway.Telemetry;

/// <summary>The figures of the requests for one model, target model, fairness id and priority.</summary>
/// <remarks>
/// Safe from any thread. What it is told is added up here and moved to the page's metrics when the page is asked for, so that being told costs tens of
/// nanoseconds and, but for the first time of each figure, no allocation. A caller keeps the series of a request from its decision to its end.
/// </remarks>
internal sealed class RequestSeries
{
    private readonly Lock _lock = new();
    private readonly RequestFamilies _families;
    private readonly bool _hasModel;
    private readonly string[] _labels;
    private readonly string[] _labelsUnstreamed;
    private readonly string[] _labelsStreamed;
    private readonly List<(string Code, long Count)> _errors = [];
    private volatile bool _told;
    private long _scheduled;
    private long _running;
    private volatile bool _ran;
    private HistogramTally _size;
    private HistogramTally _duration;
    private HistogramTally _responseSize;
    private HistogramTally _inputTokens;
    private HistogramTally _cachedTokens;
    private HistogramTally _outputTokens;
    private HistogramTally _perOutputToken;
    private HistogramTally _firstToken;
    private HistogramTally _streamedFirstToken;
    private HistogramTally _streamedPerToken;
    private HistogramTally _interToken;

    internal RequestSeries(RequestFamilies families, RequestKey key, InFlightFlow flow)
    {
        Key = key;
        Flow = flow;
        _families = families;
        _hasModel = key.Model.Length > 0;
        _labels = key.ToLabels();
        _labelsUnstreamed = [.. _labels, "false"];
        _labelsStreamed = [.. _labels, "true"];
    }

    /// <summary>Whose figures these are.</summary>
    internal RequestKey Key { get; }

    /// <summary>Whose requests these are, for figures of what is in flight: the same object for all series of a fairness id and a priority.</summary>
    public InFlightFlow Flow { get; }

    /// <summary>A model server was found for a request with a body of this many bytes.</summary>
    public void Scheduled(long requestBytes)
    {
        lock (_lock)
        {
            _told = true;
            _scheduled++;
            _size.Observe(_families.Size, requestBytes);
        }
    }

    /// <summary>A request failed; once for each request.</summary>
    /// <param name="errorCode">The class of the refusal, as <c>BadRequest</c>, or <c>ModelServerError</c>: one of a few constants.</param>
    public void Failed(string errorCode)
    {
        lock (_lock)
        {
            _told = true;
            for (var i = 0; i < _errors.Count; i++)
            {
                if (_errors[i].Code == errorCode)
                {
                    _errors[i] = (errorCode, _errors[i].Count + 1);
                    return;
                }
            }

            _errors.Add((errorCode, 1));
        }
    }

    /// <summary>The request went on to its model server. Requests without a model are not counted.</summary>
    public void RunningStarted() => Running(1);

    /// <summary>The stream of a request that was told by <see cref="RunningStarted"/> ended.</summary>
    public void RunningEnded() => Running(-1);

    /// <summary>A piece of a streamed answer came this many seconds after the one before.</summary>
    public void InterTokenLatency(double seconds)
    {
        lock (_lock)
        {
            _told = true;
            _interToken.Observe(_families.InterToken, seconds);
        }
    }

    /// <summary>The response has ended.</summary>
    public void Completed(in CompletedRequest request)
    {
        lock (_lock)
        {
            _told = true;
            _duration.Observe(_families.Duration, request.Duration);
            _responseSize.Observe(_families.ResponseSize, request.ResponseBytes);
            if (request.InputTokens > 0)
            {
                _inputTokens.Observe(_families.InputTokens, request.InputTokens);
            }

            if (request.CachedTokens >= 0)
            {
                _cachedTokens.Observe(_families.CachedTokens, request.CachedTokens);
            }

            if (request.OutputTokens > 0)
            {
                _outputTokens.Observe(_families.OutputTokens, request.OutputTokens);
                _perOutputToken.Observe(_families.PerOutputToken, request.Duration / request.OutputTokens);
            }

            if (!request.Streamed)
            {
                _firstToken.Observe(_families.FirstToken, request.TimeToFirstToken);
                return;
            }

            _streamedFirstToken.Observe(_families.FirstToken, request.TimeToFirstToken);
            if (request.OutputTokens > 1)
            {
                _streamedPerToken.Observe(_families.StreamedPerToken, (request.Duration - request.TimeToFirstToken) / (request.OutputTokens - 1));
            }
        }
    }

    /// <summary>Moves what was added up to the page's metrics.</summary>
    internal void Flush()
    {
        lock (_lock)
        {
            if (!_told)
            {
                return;
            }

            _told = false;
            if (_scheduled > 0)
            {
                _families.Total.Add(_scheduled, _labels);
                _scheduled = 0;
            }

            foreach (var (code, count) in _errors)
            {
                _families.Errors.Add(count, [.. _labels, code]);
            }

            _errors.Clear();
            if (_ran)
            {
                _families.Running.Add(Interlocked.Exchange(ref _running, 0), _labels);
            }

            _size.MoveTo(_families.Size, _labels);
            _duration.MoveTo(_families.Duration, _labels);
            _responseSize.MoveTo(_families.ResponseSize, _labels);
            _inputTokens.MoveTo(_families.InputTokens, _labels);
            _cachedTokens.MoveTo(_families.CachedTokens, _labels);
            _outputTokens.MoveTo(_families.OutputTokens, _labels);
            _perOutputToken.MoveTo(_families.PerOutputToken, _labels);
            _firstToken.MoveTo(_families.FirstToken, _labelsUnstreamed);
            _streamedFirstToken.MoveTo(_families.FirstToken, _labelsStreamed);
            _streamedPerToken.MoveTo(_families.StreamedPerToken, _labels);
            _interToken.MoveTo(_families.InterToken, _labels);
        }
    }

    private void Running(int change)
    {
        if (!_hasModel)
        {
            return;
        }

        // The flag last: whoever clears it takes the number afterwards.
        Interlocked.Add(ref _running, change);
        _ran = true;
        _told = true;
    }
}
