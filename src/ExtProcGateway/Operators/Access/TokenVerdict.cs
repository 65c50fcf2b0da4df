namespace Orleans.Inference.ExtProcGateway.Operators.Access;

/// <summary>What a review of a token has come to.</summary>
/// <param name="Status">HTTP status to answer with; 200 lets the request through.</param>
/// <param name="Reason">For the client; empty where it is let through.</param>
internal readonly record struct TokenVerdict(int Status, string Reason)
{
    public static TokenVerdict Allowed { get; } = new(StatusCodes.Status200OK, "");

    public static TokenVerdict Unauthorized { get; } = new(StatusCodes.Status401Unauthorized, "Unauthorized");

    public static TokenVerdict Forbidden(string reason) => new(StatusCodes.Status403Forbidden, reason);

    public static TokenVerdict Failed(string reason) => new(StatusCodes.Status500InternalServerError, reason);
}
