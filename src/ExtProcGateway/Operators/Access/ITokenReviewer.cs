namespace Orleans.Inference.ExtProcGateway.Operators.Access;

/// <summary>Decides who may read the metrics port.</summary>
/// <remarks>Safe from any thread.</remarks>
internal interface ITokenReviewer
{
    /// <summary>Whether the bearer of <paramref name="token"/> may do <paramref name="verb"/> (<c>get</c>) on <paramref name="path"/> (<c>/metrics</c>).</summary>
    Task<TokenVerdict> ReviewAsync(string token, string path, string verb, CancellationToken cancellation);
}
