namespace Prometheus;

/// <summary>Counts observations in buckets.</summary>
public sealed class Histogram : Collector<Histogram.Child>, IHistogram
{
    private static readonly double[] DefaultBuckets = [.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10];

    private readonly double[] _bounds;

    internal Histogram(string name, string help, string[] labelNames, bool suppressInitialValue, double[]? buckets)
        : base(name, help, labelNames, suppressInitialValue)
    {
        if (labelNames.Contains("le"))
        {
            throw new ArgumentException("'le' is a reserved label name");
        }

        buckets ??= DefaultBuckets;
        if (buckets.Length == 0)
        {
            throw new ArgumentException("Histogram must have at least one bucket");
        }

        _bounds = double.IsPositiveInfinity(buckets[^1]) ? [.. buckets] : [.. buckets, double.PositiveInfinity];
        for (var i = 1; i < _bounds.Length; i++)
        {
            if (_bounds[i] <= _bounds[i - 1])
            {
                throw new ArgumentException("Bucket values must be increasing");
            }
        }
    }

    public double Sum => Unlabelled.Sum;

    public long Count => Unlabelled.Count;

    internal override MetricType Type => MetricType.Histogram;

    /// <summary>Bounds that grow by a factor.</summary>
    public static double[] ExponentialBuckets(double start, double factor, int count)
    {
        ThrowUnless(count > 0, nameof(ExponentialBuckets), "a positive count");
        ThrowUnless(start > 0, nameof(ExponentialBuckets), "a positive start");
        ThrowUnless(factor > 1, nameof(ExponentialBuckets), "a factor greater than 1");
        return Generate(start, bound => bound * (decimal)factor, count);
    }

    /// <summary>Bounds that grow by a width.</summary>
    public static double[] LinearBuckets(double start, double width, int count)
    {
        ThrowUnless(count > 0, nameof(LinearBuckets), "a positive count");
        return Generate(start, bound => bound + (decimal)width, count);
    }

    public void Observe(double val) => Unlabelled.Observe(val);

    public void Observe(double val, long count) => Unlabelled.Observe(val, count);

    public void Publish() => Unlabelled.Publish();

    public void Unpublish() => Unlabelled.Unpublish();

    private protected override Child CreateChild(string[] labelValues, bool publish) => new(this, labelValues, publish);

    /// <summary>In decimals, so that 0.1, 0.2, 0.3 do not become 0.30000000000000004.</summary>
    private static double[] Generate(double start, Func<decimal, decimal> next, int count)
    {
        var bounds = new double[count];
        var bound = (decimal)start;
        for (var i = 0; i < count; i++, bound = next(bound))
        {
            bounds[i] = (double)bound;
        }

        return bounds;
    }

    private static void ThrowUnless(bool condition, string method, string need)
    {
        if (!condition)
        {
            throw new ArgumentException($"{method} needs {need}");
        }
    }

    /// <summary>One histogram's series.</summary>
    public sealed class Child : ChildBase, IHistogram
    {
        private readonly double[] _bounds;
        private readonly long[] _counts;
        private ThreadSafeDouble _sum;

        internal Child(Histogram parent, string[] labelValues, bool publish)
            : base(parent, labelValues, publish)
        {
            _bounds = parent._bounds;
            _counts = new long[_bounds.Length];
        }

        public double Sum => _sum.Value;

        public long Count
        {
            get
            {
                var count = 0L;
                for (var i = 0; i < _counts.Length; i++)
                {
                    count += Interlocked.Read(ref _counts[i]);
                }

                return count;
            }
        }

        public void Observe(double val) => Observe(val, 1);

        /// <remarks>Not-a-number is left out.</remarks>
        public void Observe(double val, long count)
        {
            if (double.IsNaN(val))
            {
                return;
            }

            var bucket = Array.BinarySearch(_bounds, val);
            Interlocked.Add(ref _counts[bucket >= 0 ? bucket : ~bucket], count);
            _sum.Add(val * count);
            Publish();
        }

        internal override void Write(PageWriter page)
        {
            // Counted once, so that the total and the last bucket agree while observations go on.
            var cumulative = new long[_counts.Length];
            var count = 0L;
            for (var i = 0; i < cumulative.Length; i++)
            {
                cumulative[i] = count += Interlocked.Read(ref _counts[i]);
            }

            page.WriteSample(Name + "_sum", Labels, Sum);
            page.WriteSample(Name + "_count", Labels, count);
            for (var i = 0; i < cumulative.Length; i++)
            {
                page.WriteSample(Name + "_bucket", Labels, cumulative[i], _bounds[i]);
            }
        }
    }
}
