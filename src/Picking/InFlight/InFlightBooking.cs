namespace Orleans.Inference.Picking.InFlight;

/// <summary>One request's booking on one server, given back once.</summary>
/// <remarks>A mutable struct, for a field of its request's owner; do not copy it. One thread at a time. The default value is a booking of nothing.</remarks>
public struct InFlightBooking
{
    private ServerLoad? _load;
    private readonly InFlightFlow? _flow;
    private long _tokens;

    internal InFlightBooking(ServerLoad load, long tokens, InFlightFlow? flow)
    {
        _load = load;
        _tokens = tokens;
        _flow = flow;
    }

    /// <summary>The server is through with the prompt: its tokens are given back, the request stays. May be called again.</summary>
    public void ReleaseTokens()
    {
        if (_tokens != 0)
        {
            _load?.ReleaseTokens(_tokens, _flow);
            _tokens = 0;
        }
    }

    /// <summary>The request has ended, in whatever way. May be called again.</summary>
    public void Release()
    {
        if (_load is { } load)
        {
            _load = null;
            load.ReleaseRequest(_tokens, _flow);
            _tokens = 0;
        }
    }
}
