namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>
/// What the peer of a connection did wrong. Both methods return whether the connection goes on, so that checks read as one expression.
/// </summary>
internal sealed class Http2Conduct(Http2ConnectionLimits limits)
{
    /// <summary>The connection error; the reason goes into GOAWAY for the peer's operator.</summary>
    public (Http2ErrorCode Code, string Reason) Error { get; private set; }

    public bool Failed => Error.Code != Http2ErrorCode.NoError;

    public Http2AbuseBudget Budget { get; } = new(limits);

    /// <summary>A connection error; false.</summary>
    public bool Fail(Http2ErrorCode code, string reason)
    {
        Error = (code, reason);
        return false;
    }

    /// <summary>A frame that costs of the abuse budget; false, and an error, when nothing is left.</summary>
    public bool Spend(int cost) => Budget.TrySpend(cost) || Fail(Http2ErrorCode.EnhanceYourCalm, "too many frames without use");
}
