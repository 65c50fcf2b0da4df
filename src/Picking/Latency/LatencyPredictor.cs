using System.Collections.Concurrent;

namespace Orleans.Inference.Picking.Latency;

/// <summary>Learns how long the servers of one pool take, from the answers that the gateway sees, and predicts it.</summary>
/// <remarks>
/// <para>Three regressions over <see cref="LatencyFeatures"/>: time to the first token of streams, time for each token after it, and time to answers that come in one piece. Before
/// each has <see cref="SamplesNeeded"/> samples it predicts nothing.</para>
/// <para><see cref="Observe"/>, <see cref="Weights"/> and <see cref="Figures"/> are safe from any thread; samples are learned from on the thread pool, one at a time, and predictions go by an
/// immutable copy of the weights. <see cref="Learn"/> is for callers with a single thread, such as a simulation; who calls it calls no <see cref="Observe"/>.</para>
/// </remarks>
public sealed class LatencyPredictor : IThreadPoolWorkItem
{
    /// <summary>Samples without which there are no predictions.</summary>
    public const int SamplesNeeded = OnlineRegression.FewestSamples;

    /// <summary>Samples that wait to be learned from; at a microsecond each they are through in a millisecond.</summary>
    private const int MostWaiting = 1024;

    /// <summary>Nothing that took longer is believed: an hour.</summary>
    private const double Longest = 3_600_000;

    /// <summary>Nor what took less than a microsecond.</summary>
    private const double Shortest = 0.001;

    private readonly ConcurrentQueue<LatencySample> _waiting = new();
    private readonly OnlineRegression _firstToken = new();
    private readonly OnlineRegression _perToken = new();
    private readonly OnlineRegression _whole = new();
    private PredictionError _firstTokenError;
    private PredictionError _perTokenError;
    private PredictionError _wholeError;
    private LatencyWeights? _weights;
    private PredictorFigures _figures = new(0, 0, double.NaN, double.NaN, double.NaN);
    private long _samples;
    private long _senseless;
    private long _dropped;
    private int _learning;

    /// <summary>How well it predicts.</summary>
    public PredictorFigures Figures
    {
        get
        {
            var figures = Volatile.Read(ref _figures);
            return figures with { Rejected = figures.Rejected + Interlocked.Read(ref _dropped) };
        }
    }

    /// <summary>What was learned; null before the first solution.</summary>
    internal LatencyWeights? Weights => Volatile.Read(ref _weights);

    /// <summary>Takes a sample, to be learned from soon. Costs an enqueueing; where too many wait already, the sample is dropped.</summary>
    public void Observe(in LatencySample sample)
    {
        if (_waiting.Count >= MostWaiting)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }

        _waiting.Enqueue(sample);
        if (Interlocked.Exchange(ref _learning, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Learns from a sample, at once. Samples that make no sense are left out: times that are no numbers, below a microsecond or above an hour.</summary>
    public void Learn(in LatencySample sample)
    {
        Take(sample);
        Report();
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            while (_waiting.TryDequeue(out var sample))
            {
                Take(sample);
            }

            Report();

            // A full fence: what came between the last look and the flag has nobody else to take it.
            Interlocked.Exchange(ref _learning, 0);
        }
        while (!_waiting.IsEmpty && Interlocked.Exchange(ref _learning, 1) == 0);
    }

    private static bool IsUsable(double time) => time is >= Shortest and <= Longest;

    private static bool LearnOne(OnlineRegression regression, ref PredictionError error, in LatencyFeatures features, double time, long at)
    {
        if (regression.IsReady)
        {
            error.Add(regression.Predict(features), time);
        }

        return regression.Learn(features, time, at);
    }

    private void Take(in LatencySample sample)
    {
        if (!IsUsable(sample.Ttft) || !sample.Features.AreUsable())
        {
            _senseless++;
            return;
        }

        _samples++;
        var changed = sample.Streamed
            ? LearnOne(_firstToken, ref _firstTokenError, sample.Features, sample.Ttft, sample.At)
            : LearnOne(_whole, ref _wholeError, sample.Features, sample.Ttft, sample.At);
        if (sample.Streamed && IsUsable(sample.Tpot))
        {
            changed |= LearnOne(_perToken, ref _perTokenError, sample.Features, sample.Tpot, sample.At);
        }

        if (changed)
        {
            Volatile.Write(ref _weights, new LatencyWeights(_firstToken, _perToken, _whole));
        }
    }

    private void Report() => Volatile.Write(ref _figures, new PredictorFigures(_samples, _senseless, _firstTokenError.Mean, _perTokenError.Mean, _wholeError.Mean));
}
