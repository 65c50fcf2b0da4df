using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orleans.Inference.ExtProcGateway.Operators.Access;

/// <summary>Asks a Kubernetes API server: who has this token (TokenReview), and may they (SubjectAccessReview). Two calls for each request.</summary>
/// <param name="api">Has the API server's address, and authenticates itself.</param>
internal sealed partial class ClusterTokenReviewer(HttpClient api, ILogger log) : ITokenReviewer
{
    private const string Authentication = "authentication.k8s.io/v1";
    private const string Authorization = "authorization.k8s.io/v1";

    /// <inheritdoc/>
    public async Task<TokenVerdict> ReviewAsync(string token, string path, string verb, CancellationToken cancellation)
    {
        try
        {
            var who = await PostAsync($"apis/{Authentication}/tokenreviews", new TokenReview(Authentication, "TokenReview", new(token)), ReviewJson.Default.TokenReview, cancellation);
            if (who.Status is not { Authenticated: true, User: { } user })
            {
                return TokenVerdict.Unauthorized;
            }

            var spec = new AccessReviewSpec(new(path, verb), user.Username, user.Uid, user.Groups, user.Extra);
            var may = await PostAsync($"apis/{Authorization}/subjectaccessreviews", new AccessReview(Authorization, "SubjectAccessReview", spec), ReviewJson.Default.AccessReview, cancellation);
            return may.Status is { Allowed: true } ? TokenVerdict.Allowed : TokenVerdict.Forbidden($"Authorization denied for user {user.Username}");
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogNotReviewed(log, exception.Message);
            return TokenVerdict.Failed("The API server could not be asked about the token");
        }
    }

    private async Task<T> PostAsync<T>(string path, T review, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var body = JsonContent.Create(review, type);
        using var response = await api.PostAsync(new Uri(path, UriKind.Relative), body, cancellation);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(type, cancellation) ?? throw new JsonException("The answer to a review is empty");
    }

    [LoggerMessage(3050, LogLevel.Warning, "A reader of the metrics port could not be checked: {Reason}")]
    private static partial void LogNotReviewed(ILogger log, string reason);
}
