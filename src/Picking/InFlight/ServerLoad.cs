namespace Orleans.Inference.Picking.InFlight;

/// <summary>What this process has sent to one model server and not yet seen answered.</summary>
/// <remarks>
/// The one thing in a view that changes: one object for each stay of a server in its pool, shared by all views of that stay. Safe from any thread. Bookings hold the object
/// itself, so those of a server that has left are released into what nobody looks at any more, and never into the figures of another server.
/// </remarks>
public sealed class ServerLoad
{
    /// <summary>Newest bookings of which the time is known. More within one scrape count as this many.</summary>
    public const int Recent = 128;

    private Booked[]? _recent;
    private FlowLoads? _flows;
    private long _booked;
    private long _lastBookedAt = long.MinValue;
    private int _requests;
    private long _tokens;

    /// <summary>Requests in flight.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Their tokens that are still to be processed. A plain read: every decision asks every server, and Interlocked.Read is a locked write.</summary>
    public long Tokens => Volatile.Read(ref _tokens);

    /// <summary>When the last request was booked, in milliseconds of the clock of <see cref="PoolView.SampledAt"/>; <see cref="long.MinValue"/> before the first.</summary>
    public long LastBookedAt => Volatile.Read(ref _lastBookedAt);

    /// <summary>Books a request; give it back by disposing of the result.</summary>
    /// <param name="tokens">Tokens that the server has to process for it: of the prompt those that it does not hold yet.</param>
    /// <param name="now">Milliseconds of the clock of <see cref="PoolView.SampledAt"/>.</param>
    /// <param name="flow">Whose request it is, for <see cref="CopyFlowsTo"/>; null where nobody wants to know.</param>
    /// <param name="outputTokens">Tokens of the answer, where those are counted: they stay until the request has ended.</param>
    public InFlightBooking Book(long tokens, long now, InFlightFlow? flow = null, long outputTokens = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _tokens, tokens + outputTokens);
        var recent = _recent ?? Interlocked.CompareExchange(ref _recent, new Booked[Recent], null) ?? _recent;
        ref var place = ref recent[(Interlocked.Increment(ref _booked) - 1) % Recent];
        Volatile.Write(ref place.Tokens, tokens);
        Volatile.Write(ref place.Time, now);
        Volatile.Write(ref _lastBookedAt, now);
        if (flow is not null)
        {
            var flows = _flows ?? Interlocked.CompareExchange(ref _flows, new FlowLoads(), null) ?? _flows;
            flows.Change(flow, requests: 1, tokens + outputTokens);
        }

        return new InFlightBooking(this, tokens, outputTokens, flow);
    }

    /// <summary>Adds to a list what each flow has in flight here.</summary>
    public void CopyFlowsTo(List<FlowLoad> flows)
    {
        ArgumentNullException.ThrowIfNull(flows);
        Volatile.Read(ref _flows)?.CopyTo(flows);
    }

    /// <summary>Requests and tokens booked after <paramref name="time"/>, answered meanwhile or not. Costs a look at each of them.</summary>
    /// <param name="atLeast">Where fewer were booked since, the newest of those before are added up to this number.</param>
    /// <param name="atMost">Where more were booked, the newest are counted up to this number; not less than <paramref name="atLeast"/>.</param>
    /// <param name="never">What was booked at this time or before is not counted, whatever <paramref name="atLeast"/> says; not after <paramref name="time"/>.</param>
    public (int Requests, long Tokens) BookedSince(long time, int atLeast = 0, int atMost = int.MaxValue, long never = long.MinValue)
    {
        if ((LastBookedAt <= time && atLeast <= 0) || Volatile.Read(ref _recent) is not { } recent)
        {
            return default;
        }

        var (requests, tokens) = (0, 0L);
        var newest = Volatile.Read(ref _booked) - 1;
        for (var i = newest; i >= 0 && i > newest - Recent && requests < atMost; i--)
        {
            // A place that is being written can show its time and another's tokens: an estimate stays one.
            ref var entry = ref recent[i % Recent];
            var bookedAt = Volatile.Read(ref entry.Time);
            if (bookedAt <= never || (bookedAt <= time && requests >= atLeast))
            {
                break;
            }

            requests++;
            tokens += Volatile.Read(ref entry.Tokens);
        }

        return (requests, tokens);
    }

    internal void ReleaseTokens(long tokens, InFlightFlow? flow)
    {
        Interlocked.Add(ref _tokens, -tokens);
        if (flow is not null)
        {
            _flows!.Change(flow, requests: 0, -tokens);
        }
    }

    internal void ReleaseRequest(long tokens, InFlightFlow? flow)
    {
        Interlocked.Decrement(ref _requests);
        Interlocked.Add(ref _tokens, -tokens);
        if (flow is not null)
        {
            _flows!.Change(flow, requests: -1, -tokens);
        }
    }

    private struct Booked
    {
        public long Time;
        public long Tokens;
    }
}
