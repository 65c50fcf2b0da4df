namespace Orleans.Inference.Picking.Latency;

/// <summary>
/// Learns y = w · x with all weights at or above 0 from one sample after the other: least squares of relative errors over sums that forget, solved by coordinate descent.
/// </summary>
/// <remarks>
/// Sums and a bounded problem instead of the usual recursion (recursive least squares): nothing is inverted, so nothing blows up where features move together or stand still; and weights
/// that can't be negative, over features that can't, keep every prediction at or above 0, finite, and never lower for more load. Not safe for threads.
/// </remarks>
internal sealed class OnlineRegression
{
    /// <summary>Samples from which the weights are of use.</summary>
    public const int FewestSamples = 64;

    /// <summary>How much a sample counts at least after the next one: the memory is of 1,000 samples, the reference's cap of training samples, or longer.</summary>
    private const double LeastKept = 1 - (1.0 / 1000);

    /// <summary>At a high rate the memory is this long instead: of 1,000 samples of half a second there is nothing to learn how load matters.</summary>
    private const double MemoryMilliseconds = 60_000;

    private const int SolvedEvery = 16;
    private const int MostSweeps = 100;

    /// <summary>One tenth of a sample says that a feature does not matter: one that was only ever near 0 can't get a weight that explodes once it is not.</summary>
    private const double Ridge = 0.1;

    /// <summary>Milliseconds for a feature of 1: more than a day.</summary>
    private const double LargestWeight = 1e8;

    /// <summary>A sample that is further off than this many usual errors counts as one that is just so far off.</summary>
    private const double OutlierFrom = 4;

    /// <summary>What each outlier leaves of the memory: a few are nothing, many in a row are another law, which the old samples would bend for minutes.</summary>
    private const double KeptByOutlier = 0.98;

    private const double SmallestUsualError = 0.02;
    private const double UsualErrorMemory = 64;

    private const int Count = LatencyFeatures.Count;

    private readonly double[] _products = new double[Count * Count];
    private readonly double[] _targets = new double[Count];
    private readonly double[] _weights = new double[Count];
    private double _mean;
    private double _usualError = 1;
    private long _at;
    private int _unsolved;

    /// <summary>Samples learned from.</summary>
    public long Samples { get; private set; }

    /// <summary>There are enough samples for <see cref="Weights"/> to be of use.</summary>
    public bool IsReady => Samples >= FewestSamples;

    /// <summary>The weights; they change while samples are taken.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>What the weights predict.</summary>
    public double Predict(in LatencyFeatures features)
    {
        var sum = 0.0;
        for (var i = 0; i < Count; i++)
        {
            sum += _weights[i] * features[i];
        }

        return sum;
    }

    /// <summary>Takes a sample. Costs about 150 multiplications, and up to 15,000 for each 16th.</summary>
    /// <param name="features">Numbers at or above 0.</param>
    /// <param name="target">Above 0.</param>
    /// <param name="at">Milliseconds of a clock that does not go back.</param>
    /// <returns>Whether the weights have changed.</returns>
    public bool Learn(in LatencyFeatures features, double target, long at)
    {
        var kept = Math.Max(LeastKept, Math.Exp(Math.Min(0, _at - at) / MemoryMilliseconds));
        _at = Math.Max(at, _at);
        if (TakeExcess(Predict(features), ref target, out var scale))
        {
            kept *= KeptByOutlier;
        }

        _mean = Samples == 0 ? target : _mean + ((target - _mean) / Math.Min(Samples + 1, 1000));
        Add(features, target, 1 / (scale * scale), kept);
        Samples++;
        if (++_unsolved < SolvedEvery)
        {
            return false;
        }

        _unsolved = 0;
        Solve();
        return true;
    }

    /// <summary>Brings an outlier near to what is usual. Where samples stay far off, what is usual grows by some percent with each, so that a change is followed.</summary>
    /// <param name="scale">What errors are relative to: not the sample itself, which would let small ones by chance weigh most.</param>
    /// <returns>Whether it is an outlier.</returns>
    private bool TakeExcess(double predicted, ref double target, out double scale)
    {
        if (!IsReady)
        {
            scale = Samples == 0 ? target : _mean;
            return false;
        }

        scale = Math.Max(predicted, 0.05 * _mean);
        var error = (target - predicted) / scale;
        var limit = OutlierFrom * _usualError;
        var bounded = Math.Clamp(error, -limit, limit);
        _usualError = Math.Max(SmallestUsualError, _usualError + ((Math.Abs(bounded) - _usualError) / UsualErrorMemory));
        target = Math.Max(predicted + (bounded * scale), 1e-3 * scale);
        return bounded != error;
    }

    private void Add(in LatencyFeatures features, double target, double weight, double kept)
    {
        for (var i = 0; i < Count; i++)
        {
            var weighted = weight * features[i];
            var row = _products.AsSpan(i * Count, Count);
            for (var j = 0; j < Count; j++)
            {
                row[j] = (kept * row[j]) + (weighted * features[j]);
            }

            _targets[i] = (kept * _targets[i]) + (weighted * target);
        }
    }

    /// <summary>Minimises the squared error over one weight after the other, from where the last solution left them.</summary>
    private void Solve()
    {
        var ridge = Ridge / (_mean * _mean);
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var (change, size) = (0.0, 0.0);
            for (var i = 0; i < Count; i++)
            {
                var row = _products.AsSpan(i * Count, Count);
                var curvature = row[i] + (i == LatencyFeatures.Constant ? 0 : ridge);
                var slope = _targets[i];
                for (var j = 0; j < Count; j++)
                {
                    slope -= row[j] * _weights[j];
                }

                slope += row[i] * _weights[i];
                var weight = Math.Clamp(slope / curvature, 0, LargestWeight);
                change += curvature * (weight - _weights[i]) * (weight - _weights[i]);
                size += curvature * weight * weight;
                _weights[i] = weight;
            }

            if (change <= 1e-10 * size)
            {
                return;
            }
        }
    }
}
