namespace Orleans.Runtime;

/// <summary>
/// The calls of one activation that wait and that run, and which may run beside which. Every member is called under the activation's
/// lock.
/// </summary>
internal sealed class TurnQueue(GrainClass grainClass)
{
    private CallQueue _waiting;
    private CallQueue _running;
    private Dictionary<Guid, int>? _callChains;

    // What others wait for; null while nothing runs that keeps others out.
    private GrainCall? _blocking;
    private GrainCall? _candidate;

    public int Load => _running.Count + _waiting.Count;

    public bool IsRunning => _running.Count > 0;

    public void Add(GrainCall call) => _waiting.Add(call);

    /// <summary>Looks from the first waiting call again: something came or ended.</summary>
    public void Rewind() => _candidate = _waiting.First;

    /// <summary>The next waiting call that may run now, which runs from then on; null when there is none.</summary>
    public GrainCall? StartNext()
    {
        while (_candidate is { } call)
        {
            _candidate = call.Next;
            if (call.IsAbandoned)
            {
                _waiting.Remove(call);
            }
            else if (MayRun(call))
            {
                _waiting.Remove(call);
                _running.Add(call);
                if (_blocking is null && !call.IsAlwaysInterleave)
                {
                    _blocking = call;
                }

                return call;
            }
        }

        return null;
    }

    public void End(GrainCall call)
    {
        _running.Remove(call);
        if (!ReferenceEquals(call, _blocking))
        {
            return;
        }

        // Readers that began beside it go on: one of them blocks as it did.
        _blocking = null;
        for (var running = _running.First; running is not null && _blocking is null; running = running.Next)
        {
            _blocking = running.IsAlwaysInterleave ? null : running;
        }
    }

    public List<GrainCall> DrainWaiting()
    {
        _candidate = null;
        return _waiting.Drain();
    }

    public List<GrainCall> DrainAll() => [.. _running.Drain(), .. DrainWaiting()];

    public void EnterCallChain(Guid id)
    {
        _callChains ??= [];
        _callChains[id] = _callChains.GetValueOrDefault(id) + 1;
    }

    public void LeaveCallChain(Guid id)
    {
        if (_callChains is null || !_callChains.TryGetValue(id, out var count))
        {
            return;
        }

        if (count > 1)
        {
            _callChains[id] = count - 1;
        }
        else
        {
            _callChains.Remove(id);
        }
    }

    private bool MayRun(GrainCall call)
    {
        if (_running.Count == 0 || call.IsAlwaysInterleave || _blocking is null || grainClass.IsReentrant)
        {
            return true;
        }

        if (call.IsReadOnly && _blocking.IsReadOnly)
        {
            return true;
        }

        if (_callChains is { Count: > 0 }
            && call.RequestContext?.GetValueOrDefault(RequestContext.CallChainKey) is Guid chain
            && _callChains.ContainsKey(chain))
        {
            return true;
        }

        return grainClass.MayInterleave is { } mayInterleave
            && ((call.Request is { } incoming && mayInterleave(incoming))
                || (_blocking.Request is { } blocking && mayInterleave(blocking)));
    }
}
