using Orleans.Inference.Picking;
using Orleans.Inference.Picking.InFlight;

namespace Orleans.Inference.ExtProcGateway.Decisions;

/// <summary>
/// A request's places on its servers: the destination, who processes the prompt for it, and the first of those who encode for it; each with the tokens of the prompt that it does not hold yet, and
/// with those of the answer where they are counted.
/// </summary>
/// <remarks>
/// A mutable struct, for a field of the request's call; do not copy it. One thread at a time. The rule of release is the reference picker's: with the first piece of the response all are through with
/// the prompt, and who processed it alone is done; the others are booked to the end. Where answers are counted, all is booked to the end. The default value is a booking of nothing.
/// </remarks>
internal struct RequestBookings
{
    private InFlightBooking _destination;
    private InFlightBooking _prefill;
    private InFlightBooking _encode;
    private bool _countsAnswer;

    /// <summary>Books a request on the servers that were picked for it, once.</summary>
    /// <param name="flow">Whose request it is, as figures tell it.</param>
    public void Book(Director director, in Decision decision, InferenceRequest request, InFlightFlow flow)
    {
        var output = request.EstimatedOutputTokens.GetValueOrDefault();
        _countsAnswer = request.EstimatedOutputTokens is not null;
        _destination = director.Book(decision.View, decision.Primary, Uncached(decision, decision.MatchedTokens, request), flow, output);
        if (decision.Prefill >= 0)
        {
            _prefill = director.Book(decision.View, decision.Prefill, Uncached(decision, decision.PrefillMatchedTokens, request), flow, output);
        }

        if (decision.Encoders is [var encoder, ..])
        {
            _encode = director.Book(decision.View, encoder, Uncached(decision, decision.EncodeMatchedTokens, request), flow, output);
        }
    }

    /// <summary>A piece of the response has come. May be called again.</summary>
    public void OnResponse()
    {
        if (_countsAnswer)
        {
            return;
        }

        _destination.ReleasePrompt();
        _prefill.Release();
        _encode.ReleasePrompt();
    }

    /// <summary>The request has ended, in whatever way. May be called again.</summary>
    public void Release()
    {
        _destination.Release();
        _prefill.Release();
        _encode.Release();
    }

    /// <summary>Tokens of the prompt that a server has to process: those of its blocks that it does not hold, the last one filled up, and what goes beyond the blocks.</summary>
    private static long Uncached(in Decision decision, long matched, InferenceRequest request) =>
        Math.Max(0, decision.SoughtTokens - matched) + Math.Max(0, request.EstimatedPromptTokens - decision.SoughtTokens);
}
