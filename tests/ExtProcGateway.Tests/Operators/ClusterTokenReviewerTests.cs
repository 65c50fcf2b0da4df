using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Orleans.Inference.ExtProcGateway.Operators.Access;
using Orleans.Inference.ExtProcGateway.Tests.Edge;

namespace Orleans.Inference.ExtProcGateway.Tests.Operators;

public sealed class ClusterTokenReviewerTests : IDisposable
{
    private readonly FakeApiServer _server = new();
    private readonly HttpClient _client;
    private readonly ClusterTokenReviewer _reviewer;

    public ClusterTokenReviewerTests()
    {
        _client = new HttpClient(_server) { BaseAddress = new Uri("https://api:6443/") };
        _reviewer = new ClusterTokenReviewer(_client, new RecordingLogger());
    }

    [Fact]
    public async Task Review_TokenOfAUserWhoMay_IsAllowed()
    {
        _server.Answers["/apis/authentication.k8s.io/v1/tokenreviews"] =
            """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","metadata":{},"spec":{"token":"abc"},"status":{"authenticated":true,"user":{"username":"system:serviceaccount:monitoring:prometheus","uid":"7","groups":["system:serviceaccounts","system:authenticated"],"extra":{"pod":["p"]}}}}""";
        _server.Answers["/apis/authorization.k8s.io/v1/subjectaccessreviews"] = """{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","status":{"allowed":true,"reason":"RBAC"}}""";

        Assert.Equal(TokenVerdict.Allowed, await ReviewAsync());

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"abc"}}"""), _server.Requests[0]));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"nonResourceAttributes":{"path":"/metrics","verb":"get"},
                "user":"system:serviceaccount:monitoring:prometheus","uid":"7","groups":["system:serviceaccounts","system:authenticated"],"extra":{"pod":["p"]}}}
                """),
            _server.Requests[1]));
    }

    [Fact]
    public async Task Review_UnknownToken_IsUnauthorizedWithoutAFurtherQuestion()
    {
        _server.Answers["/apis/authentication.k8s.io/v1/tokenreviews"] = """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","status":{"error":"invalid bearer token"}}""";

        Assert.Equal(401, (await ReviewAsync()).Status);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Review_UserWhoMayNot_IsForbidden()
    {
        _server.Answers["/apis/authentication.k8s.io/v1/tokenreviews"] = """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","status":{"authenticated":true,"user":{"username":"eve"}}}""";
        _server.Answers["/apis/authorization.k8s.io/v1/subjectaccessreviews"] = """{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","status":{"allowed":false}}""";

        Assert.Equal(new TokenVerdict(403, "Authorization denied for user eve"), await ReviewAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"kind\":3")]
    [InlineData(null)]
    public async Task Review_ApiServerAnswersNothingOfUse_Fails(string? answer)
    {
        if (answer is not null)
        {
            _server.Answers["/apis/authentication.k8s.io/v1/tokenreviews"] = answer;
        }

        Assert.Equal(500, (await ReviewAsync()).Status);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private Task<TokenVerdict> ReviewAsync() => _reviewer.ReviewAsync("abc", "/metrics", "get", CancellationToken.None);

    /// <summary>Answers by path; 403 where it has no answer, as an API server does to who may not ask.</summary>
    private sealed class FakeApiServer : HttpMessageHandler
    {
        public Dictionary<string, string> Answers { get; } = [];

        public List<JsonNode?> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal(HttpMethod.Post, request.Method);
            Assert.Equal("application/json", request.Content!.Headers.ContentType!.MediaType);
            Requests.Add(JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken)));
            return Answers.TryGetValue(request.RequestUri!.AbsolutePath, out var answer)
                ? new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent(answer, Encoding.UTF8, "application/json") }
                : new HttpResponseMessage(HttpStatusCode.Forbidden);
        }
    }
}
