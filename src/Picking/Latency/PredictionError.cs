namespace Orleans.Inference.Picking.Latency;

/// <summary>How far predictions are off: the mean of |predicted − measured| / measured, of each sample before it is learned from.</summary>
/// <remarks>A mutable struct, for a field.</remarks>
internal struct PredictionError
{
    /// <summary>Newer samples count more: the mean is of about so many.</summary>
    private const double Memory = 200;

    /// <summary>One prediction of seconds for what took a millisecond must not be all that the mean shows for a while.</summary>
    private const double Largest = 10;

    private double _mean;
    private int _samples;

    /// <summary>0.1 for 10 % off; NaN before the first prediction.</summary>
    public readonly double Mean => _samples == 0 ? double.NaN : _mean;

    public void Add(double predicted, double measured)
    {
        _samples = Math.Min(_samples + 1, (int)Memory);
        _mean += (Math.Min(Largest, Math.Abs(predicted - measured) / measured) - _mean) / _samples;
    }
}
