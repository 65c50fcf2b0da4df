namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>
/// Bounds frames that cost work and bring none: PING, SETTINGS, PRIORITY, unknown and empty frames, tiny pieces of data, streams reset before
/// they said anything. Each costs something, useful traffic and time give it back; when nothing is left the connection ends with
/// ENHANCE_YOUR_CALM. A peer that does real work never comes near it, because each message and each frame sent to it pays for several.
/// </summary>
internal sealed class Http2AbuseBudget(Http2ConnectionLimits limits)
{
    private int _left = limits.AbuseBurst;

    /// <summary>False when nothing is left.</summary>
    public bool TrySpend(int cost)
    {
        _left -= cost;
        return _left >= 0;
    }

    /// <summary>Useful work was done.</summary>
    public void Earn(int amount) => _left = Math.Min(limits.AbuseBurst, _left + amount);

    /// <summary>A tick has passed.</summary>
    public void Refill() => _left = Math.Min(limits.AbuseBurst, _left + limits.AbuseRefill);
}
