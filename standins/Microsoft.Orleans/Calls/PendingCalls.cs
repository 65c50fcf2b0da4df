namespace Orleans.Runtime;

/// <summary>The calls of one silo or client that wait for a response, in order of sending.</summary>
internal sealed class PendingCalls
{
    private readonly Lock _gate = new();
    private RequestCall? _first;
    private RequestCall? _last;

    public void Add(RequestCall call)
    {
        lock (_gate)
        {
            call.IsPending = true;
            call.PreviousPending = _last;
            if (_last is null)
            {
                _first = call;
            }
            else
            {
                _last.NextPending = call;
            }

            _last = call;
        }
    }

    public void Remove(RequestCall call)
    {
        lock (_gate)
        {
            if (!call.IsPending)
            {
                return;
            }

            call.IsPending = false;
            if (call.PreviousPending is { } previous)
            {
                previous.NextPending = call.NextPending;
            }
            else
            {
                _first = call.NextPending;
            }

            if (call.NextPending is { } next)
            {
                next.PreviousPending = call.PreviousPending;
            }
            else
            {
                _last = call.PreviousPending;
            }

            call.NextPending = null;
            call.PreviousPending = null;
        }
    }

    public List<RequestCall> Where(Func<RequestCall, bool> predicate)
    {
        var found = new List<RequestCall>();
        lock (_gate)
        {
            for (var call = _first; call is not null; call = call.NextPending)
            {
                if (predicate(call))
                {
                    found.Add(call);
                }
            }
        }

        return found;
    }
}
