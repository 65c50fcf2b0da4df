using System.Net;
using System.Text;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.Simulator.Tests.ModelServer;

public sealed class BadInputTests(ModelServerFixture server) : IClassFixture<ModelServerFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"model":3,"prompt":"x"}""")]
    [InlineData("""{"model":"sim"}""")]
    [InlineData("""{"model":"sim","prompt":{}}""")]
    [InlineData("""{"model":"sim","prompt":[true]}""")]
    [InlineData("""{"model":"sim","prompt":[1,"a"]}""")]
    [InlineData("""{"model":"sim","prompt":""}""")]
    [InlineData("""{"model":"sim","prompt":"\ud800"}""")]
    [InlineData("""{"model":"sim","prompt":"x","max_tokens":0}""")]
    [InlineData("""{"model":"sim","prompt":"x","max_tokens":"3"}""")]
    [InlineData("""{"model":"sim","prompt":"x","max_tokens":100000}""")]
    [InlineData("""{"model":"sim","prompt":"x","n":0}""")]
    [InlineData("""{"model":"sim","prompt":"x","n":1000000}""")]
    [InlineData("""{"model":"sim","prompt":"x","stream_options":{"include_usage":true}}""")]
    public async Task Completion_BadBody_400WithAMessage(string body)
    {
        var answer = await server.PostJsonAsync("/v1/completions", body, status: 400);

        var error = answer.GetProperty("error");
        Assert.Equal(400, error.GetProperty("code").GetInt32());
        Assert.NotEqual("", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("""{"model":"sim"}""")]
    [InlineData("""{"model":"sim","messages":"hello"}""")]
    [InlineData("""{"model":"sim","messages":[]}""")]
    [InlineData("""{"model":"sim","messages":["hello"]}""")]
    [InlineData("""{"model":"sim","messages":[{"content":"no role"}]}""")]
    [InlineData("""{"model":"sim","messages":[{"role":"user","content":3}]}""")]
    public async Task Chat_BadBody_400(string body)
    {
        await server.PostJsonAsync("/v1/chat/completions", body, status: 400);
    }

    [Fact]
    public async Task Completion_NestedTenThousandDeep_400()
    {
        await server.PostJsonAsync("/v1/completions", new string('[', 10_000) + new string(']', 10_000), status: 400);
    }

    [Fact]
    public async Task Completion_NotUtf8_400()
    {
        using var content = new ByteArrayContent([.. "{\"prompt\":\""u8, 0xff, 0xfe, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");

        using var response = await server.Client.PostAsync("/v1/completions", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Completion_OtherContentType_400()
    {
        using var response = await server.PostAsync("/v1/completions", """{"model":"sim","prompt":"x"}""", "text/plain");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Completion_UnknownModel_404AsVllmSaysIt()
    {
        var answer = await server.PostJsonAsync("/v1/completions", """{"model":"nobody","prompt":"x"}""", status: 404);

        var error = answer.GetProperty("error");
        Assert.Equal("The model `nobody` does not exist.", error.GetProperty("message").GetString());
        Assert.Equal("NotFoundError", error.GetProperty("type").GetString());
    }

    [Fact]
    public async Task UnknownPath_404_AndWrongMethod_405()
    {
        using var path = await server.Client.GetAsync("/v2/completions");
        using var method = await server.Client.GetAsync("/v1/completions");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed), (path.StatusCode, method.StatusCode));
    }

    [Fact]
    public async Task Completion_ClientLeaves_TheSequenceIsAborted()
    {
        var before = await AbortedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent("""{"model":"sim","prompt":"x","max_tokens":90000,"stream":true}""", Encoding.UTF8, "application/json"),
        };
        using var client = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = server.Client.BaseAddress };
        using (await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            // Leaves with the response unread.
        }

        await Bounds.UntilAsync(async () => await AbortedAsync() > before, "the sequence is aborted");
    }

    private async Task<double> AbortedAsync()
    {
        var page = MetricsText.Parse(await server.Client.GetStringAsync("/metrics"));
        return page.Value("vllm:request_success_total", "finished_reason=\"abort\"");
    }
}
