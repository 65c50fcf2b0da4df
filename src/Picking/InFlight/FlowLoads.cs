namespace Orleans.Inference.Picking.InFlight;

/// <summary>What is in flight on one model server, flow by flow.</summary>
/// <remarks>
/// Safe from any thread. Holds only flows that have a request there, so that it is as small as what is in flight; a change costs a lock that is held for some nanoseconds, and a look at
/// each of those flows.
/// </remarks>
internal sealed class FlowLoads
{
    private readonly Lock _lock = new();
    private FlowLoad[] _flows = new FlowLoad[4];
    private int _count;

    /// <summary>Adds a request of a flow, or takes one away, and tokens with it.</summary>
    /// <param name="requests">1, -1, or 0 for tokens alone.</param>
    public void Change(InFlightFlow flow, int requests, long tokens)
    {
        lock (_lock)
        {
            var i = IndexOf_NeedsLock(flow);
            ref var load = ref _flows[i];
            load = new(flow, load.Requests + requests, load.Tokens + tokens);
            if (load.Requests == 0)
            {
                load = _flows[--_count];
                _flows[_count] = default;
            }
        }
    }

    /// <summary>Adds what there is to a list.</summary>
    public void CopyTo(List<FlowLoad> flows)
    {
        if (Volatile.Read(ref _count) == 0)
        {
            return;
        }

        lock (_lock)
        {
            flows.AddRange(_flows.AsSpan(0, _count));
        }
    }

    private int IndexOf_NeedsLock(InFlightFlow flow)
    {
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_flows[i].Flow, flow))
            {
                return i;
            }
        }

        if (_count == _flows.Length)
        {
            Array.Resize(ref _flows, _count * 2);
        }

        return _count++;
    }
}
