using System.Globalization;

namespace Orleans.Inference.Bench.Simulation.Results;

/// <summary>The upright axis of a drawing.</summary>
internal sealed class Axis
{
    private readonly double _low;
    private readonly double _high;
    private readonly bool _logarithmic;

    public Axis(IEnumerable<double> values, bool logarithmic)
    {
        _logarithmic = logarithmic;
        var finite = values.Where(double.IsFinite).Where(value => value > 0).DefaultIfEmpty(1).ToArray();
        if (logarithmic)
        {
            _low = Math.Floor(Math.Log10(finite.Min()));
            _high = Math.Max(_low + 1, Math.Ceiling(Math.Log10(finite.Max())));
            Ticks = [.. Enumerable.Range((int)_low, (int)(_high - _low) + 1).Select(power => Math.Pow(10, power))];
            return;
        }

        // Steps of 1, 2 or 5 times a power of ten: three to six of them.
        var power10 = Math.Pow(10, Math.Floor(Math.Log10(finite.Max())));
        var part = finite.Max() / power10;
        var step = power10 * (part > 5 ? 2 : part > 2 ? 1 : part > 1 ? 0.5 : 0.2);
        _high = Math.Ceiling(finite.Max() / step) * step;
        Ticks = [.. Enumerable.Range(0, (int)Math.Round(_high / step) + 1).Select(i => i * step)];
    }

    /// <summary>Values with a line and a number.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>How far up a value lies, 0 to 1.</summary>
    public double Place(double value) =>
        !_logarithmic ? Math.Clamp(value / _high, 0, 1)
        : value <= 0 ? 0
        : Math.Clamp((Math.Log10(value) - _low) / (_high - _low), 0, 1);

    public static string Label(double value) => value >= 1000 ? (value / 1000).ToString("0.##k", CultureInfo.InvariantCulture) : value.ToString("0.####", CultureInfo.InvariantCulture);
}
