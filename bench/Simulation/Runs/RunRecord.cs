using Orleans.Inference.Bench.Simulation.Workloads;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Bench.Simulation.Runs;

/// <summary>What is seen during a run.</summary>
internal sealed class RunRecord(Workload workload)
{
    private readonly TimeSpan _lastArrival = workload.Requests[^1].ArrivesAt;
    private readonly bool[] _answered = new bool[workload.Requests.Count];
    private readonly List<double> _firstToken = [];
    private readonly List<double> _perToken = [];
    private readonly List<double> _endToEnd = [];
    private long _promptTokens;
    private long _cachedTokens;
    private long _outputTokens;
    private TimeSpan _end;
    private double _loadVariation;
    private int _loadSamples;
    private long _preemptions;

    /// <summary>Requests that are answered, those of the warm-up too.</summary>
    public int Answered { get; private set; }

    /// <summary>The fullest that a KV cache was, 0 to 1.</summary>
    public double PeakKvUsage { get; private set; }

    public void SawAnswer(SimulatedRequest request, EngineRequest answer)
    {
        if (_answered[request.Index])
        {
            throw new InvalidOperationException($"Request {request.Index} was answered twice.");
        }

        _answered[request.Index] = true;
        Answered++;
        var end = answer.LastToken.GetValueOrDefault();
        _end = end > _end ? end : _end;
        if (answer.Arrived < workload.WarmUp)
        {
            return;
        }

        var first = answer.FirstToken.GetValueOrDefault();
        _firstToken.Add((first - answer.Arrived).TotalSeconds);
        _endToEnd.Add((end - answer.Arrived).TotalSeconds);
        if (answer.Generated > 1)
        {
            _perToken.Add((end - first).TotalSeconds / (answer.Generated - 1));
        }

        _promptTokens += answer.Prompt.Length;
        _cachedTokens += answer.CachedTokens;
        _outputTokens += answer.Generated;
    }

    /// <summary>Takes a sample of how unevenly the servers are loaded: the standard deviation of their requests in flight, as part of the mean.</summary>
    public void SawLoad(TimeSpan now, SimulatedServer[] servers)
    {
        var mean = servers.Average(server => server.InFlight);
        if (now <= _lastArrival && mean > 0)
        {
            _loadVariation += Math.Sqrt(servers.Average(server => Math.Pow(server.InFlight - mean, 2))) / mean;
            _loadSamples++;
        }
    }

    public void SawKvUsage(double usage) => PeakKvUsage = Math.Max(PeakKvUsage, usage);

    public void SawStatistics(EngineStatistics statistics) => _preemptions += statistics.Preemptions;

    public RunFigures Figures(string strategy) => new()
    {
        Workload = workload.Name,
        Rate = workload.Rate,
        Strategy = strategy,
        Requests = _firstToken.Count,
        FirstToken = Percentiles.Of(_firstToken),
        PerToken = Percentiles.Of(_perToken),
        EndToEnd = Percentiles.Of(_endToEnd),
        OutputTokensPerSecond = _outputTokens / (_end - workload.WarmUp).TotalSeconds,
        HitRate = (double)_cachedTokens / Math.Max(1, _promptTokens),
        LoadVariation = _loadVariation / Math.Max(1, _loadSamples),
        Preemptions = _preemptions,
    };
}
