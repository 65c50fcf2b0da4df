namespace Orleans.Inference.ExtProcGateway.Operators.Access;

/// <summary>Refuses every token: there is no API server to check one with.</summary>
internal sealed class NoTokenReviewer : ITokenReviewer
{
    public const string Reason =
        "There is no Kubernetes API server to check a token with: this process does not run in a pod. Start it with --metrics-endpoint-auth=false, and guard the port otherwise, to serve /metrics without one.";

    private static readonly Task<TokenVerdict> Refused = Task.FromResult(TokenVerdict.Forbidden(Reason));

    /// <inheritdoc/>
    public Task<TokenVerdict> ReviewAsync(string token, string path, string verb, CancellationToken cancellation) => Refused;
}
