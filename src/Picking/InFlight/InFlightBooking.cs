namespace Orleans.Inference.Picking.InFlight;

/// <summary>One request's booking on one server, given back once.</summary>
/// <remarks>A mutable struct, for a field of its request's owner; do not copy it. One thread at a time. The default value is a booking of nothing.</remarks>
public struct InFlightBooking
{
    private ServerLoad? _load;
    private readonly InFlightFlow? _flow;
    private readonly long _outputTokens;
    private long _promptTokens;

    internal InFlightBooking(ServerLoad load, long promptTokens, long outputTokens, InFlightFlow? flow)
    {
        _load = load;
        _promptTokens = promptTokens;
        _outputTokens = outputTokens;
        _flow = flow;
    }

    /// <summary>The server is through with the prompt: its tokens are given back, the request and the tokens of its answer stay. May be called again.</summary>
    public void ReleasePrompt()
    {
        if (_promptTokens != 0)
        {
            _load?.ReleaseTokens(_promptTokens, _flow);
            _promptTokens = 0;
        }
    }

    /// <summary>The request has ended, in whatever way. May be called again.</summary>
    public void Release()
    {
        if (_load is { } load)
        {
            _load = null;
            load.ReleaseRequest(_promptTokens + _outputTokens, _flow);
            _promptTokens = 0;
        }
    }
}
