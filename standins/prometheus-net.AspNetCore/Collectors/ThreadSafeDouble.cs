namespace Prometheus;

/// <summary>A figure that many threads change.</summary>
internal struct ThreadSafeDouble
{
    private double _value;

    public double Value
    {
        readonly get => Volatile.Read(in _value);
        set => Volatile.Write(ref _value, value);
    }

    public void Add(double increment) => Update(static (value, increment) => value + increment, increment);

    public void RaiseTo(double target) => Update(Math.Max, target);

    public void LowerTo(double target) => Update(Math.Min, target);

    private void Update(Func<double, double, double> change, double argument)
    {
        double seen;
        double changed;
        do
        {
            seen = Volatile.Read(in _value);
            changed = change(seen, argument);
        }
        while (BitConverter.DoubleToInt64Bits(Interlocked.CompareExchange(ref _value, changed, seen)) != BitConverter.DoubleToInt64Bits(seen));
    }
}
