namespace Orleans.Inference.ExtProcGateway.Decisions;

/// <summary>Why a request is not forwarded: status and text of the immediate answer.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The reference pickers' name of the error class, part of the text.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="DroppedReason">Value of <c>x-llm-d-request-dropped-reason</c>; null sets no such header.</param>
internal sealed record Refusal(int Status, string Code, string Message, string? DroppedReason = null)
{
    /// <summary>The pool is empty, unknown or not yet read.</summary>
    public static readonly Refusal NoCandidates =
        new(503, "ServiceUnavailable", "failed to find endpoint candidates for serving the request", "rejected-no-endpoints");

    /// <summary>The filters left nobody.</summary>
    public static readonly Refusal FiltersDrained =
        new(429, "ResourceExhausted", "no endpoints available for the given request", "rejected-saturated") { IsOfScheduler = true };

    /// <summary>A filter left nobody, and says why; null for no reason of its own.</summary>
    public static Refusal Drained(string? reason) => reason is null ? FiltersDrained : FiltersDrained with { Message = reason };

    /// <summary>The profile handler knows no profile for the request.</summary>
    public static Refusal NoProfile(string requestId) =>
        new(429, "ResourceExhausted", $"failed to find target endpoint: failed to run any scheduler profile for request {requestId}") { IsOfScheduler = true };

    /// <summary>A plugin of the configuration does not admit the request: 500, as the reference pickers answer.</summary>
    public static Refusal NotAdmitted(string reason) => new(500, "Internal", $"request cannot be admitted: {reason}");

    /// <summary>A request that wants to be served from a cache only (<c>Prefer: if-available</c>) found none that holds its prompt.</summary>
    public static readonly Refusal NotCached = new(412, "PreconditionFailed", "no decode worker has the requested KV cache");

    /// <summary>A request that may be shed came while its servers were saturated.</summary>
    public static readonly Refusal Shed = new(429, "ResourceExhausted", "system saturated, sheddable request dropped");

    /// <summary>More streams at once than the process takes (<c>--max-streams</c>).</summary>
    public static readonly Refusal TooManyStreams = new(503, "ServiceUnavailable", "too many requests at once", "rejected-saturated");

    /// <summary>Requests take as much memory as they may (<c>--max-held-bytes</c>).</summary>
    public static readonly Refusal TooMuchHeld = new(503, "ServiceUnavailable", "too many bytes of requests at once", "rejected-saturated");

    /// <summary>The rest of a body did not come in time.</summary>
    public static readonly Refusal BodyTimedOut = new(503, "ServiceUnavailable", "the request's body did not arrive in time", "rejected-body-timeout");

    /// <summary>A bodyless request found no server: 500, as the reference pickers answer and their tests pin.</summary>
    public static readonly Refusal NoPods = new(500, "Internal", "no pods available in datastore");

    /// <summary>The body names no model.</summary>
    public static readonly Refusal NoModel = new(400, "BadRequest", "model not found in request body");

    /// <summary>The body can't be accepted.</summary>
    public static Refusal BadRequest(string message) => new(400, "BadRequest", message);

    /// <summary>The body is larger than the picker buffers.</summary>
    public static Refusal TooLarge(long limit) => new(413, "RequestEntityTooLarge", $"the request body is larger than {limit} bytes (--max-request-body-size)");

    /// <summary>The scheduler had candidates and picked none of them; all other refusals come before it, or after it has picked.</summary>
    public bool IsOfScheduler { get; private init; }

    /// <summary>The text of the immediate answer.</summary>
    public string Text => $"inference error: {Code} - {Message}";
}
