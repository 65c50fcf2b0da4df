using System.Text.Json;

namespace Orleans.Inference.Simulator.Tests.ModelServer;

public sealed class CompletionTests(ModelServerFixture server) : IClassFixture<ModelServerFixture>
{
    [Fact]
    public async Task Completion_TextPrompt_AnswersWithUsage()
    {
        var answer = await server.PostJsonAsync("/v1/completions", """{"model":"sim","prompt":"four words are here","max_tokens":5}""");

        Assert.Equal("text_completion", answer.GetProperty("object").GetString());
        Assert.Equal("sim", answer.GetProperty("model").GetString());
        Assert.StartsWith("cmpl-", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
        var choice = Assert.Single(answer.GetProperty("choices").EnumerateArray());
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(5, choice.GetProperty("text").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        AssertUsage(answer, prompt: 4, completion: 5);
    }

    [Fact]
    public async Task Completion_WithoutLimit_Has16Tokens()
    {
        var answer = await server.PostJsonAsync("/v1/completions", """{"model":"sim","prompt":"x"}""");

        AssertUsage(answer, prompt: 1, completion: 16);
    }

    [Fact]
    public async Task Completion_SamePromptTwice_GetsTheSameAnswerPartlyFromTheCache()
    {
        var body = $$"""{"model":"sim","prompt":"{{string.Join(' ', Enumerable.Repeat("again", 40))}}","max_tokens":8}""";

        var first = await server.PostJsonAsync("/v1/completions", body);
        var second = await server.PostJsonAsync("/v1/completions", body);

        Assert.Equal(first.GetProperty("choices")[0].GetProperty("text").GetString(), second.GetProperty("choices")[0].GetProperty("text").GetString());
        Assert.Equal(0, Cached(first));
        Assert.Equal(32, Cached(second));

        static int Cached(JsonElement answer) => answer.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();
    }

    [Theory]
    [InlineData("""["one","two words"]""", 2, 3)]
    [InlineData("[11,12,13]", 1, 3)]
    [InlineData("[[11,12],[13]]", 2, 3)]
    public async Task Completion_OtherShapesOfPrompt_AreUnderstood(string prompt, int choices, int tokens)
    {
        var answer = await server.PostJsonAsync("/v1/completions", $$"""{"model":"sim","prompt":{{prompt}},"max_tokens":2}""");

        Assert.Equal(Enumerable.Range(0, choices), answer.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
        AssertUsage(answer, tokens, 2 * choices);
    }

    [Fact]
    public async Task Completion_SeveralChoices_CountThePromptOnce()
    {
        var answer = await server.PostJsonAsync("/v1/completions", """{"model":"sim","prompt":"a prompt","max_tokens":4,"n":3}""");

        Assert.Equal(3, answer.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("text").GetString()).Distinct().Count());
        AssertUsage(answer, 2, 12);
    }

    [Fact]
    public async Task Completion_Streamed_HasAChunkForEachToken()
    {
        var chunks = await server.PostStreamAsync("/v1/completions", """{"model":"sim","prompt":"x","max_tokens":4,"stream":true}""");

        Assert.Equal(4, chunks.Count);
        Assert.All(chunks, chunk => Assert.Equal("text_completion", chunk.GetProperty("object").GetString()));
        Assert.Equal([null, null, null, "length"], chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("finish_reason").GetString()));
        Assert.All(chunks, chunk => Assert.False(chunk.TryGetProperty("usage", out _)));
    }

    [Fact]
    public async Task Chat_Whole_AnswersAsTheAssistant()
    {
        var answer = await server.PostJsonAsync(
            "/v1/chat/completions", """{"model":"sim","messages":[{"role":"user","content":"Hello there"}],"max_completion_tokens":3}""");

        Assert.Equal("chat.completion", answer.GetProperty("object").GetString());
        Assert.StartsWith("chatcmpl-", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
        var message = answer.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal("assistant", message.GetProperty("role").GetString());
        Assert.Equal(3, message.GetProperty("content").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Chat_WithoutLimit_EndsByItself()
    {
        var answer = await server.PostJsonAsync("/v1/chat/completions", """{"model":"sim","messages":[{"role":"user","content":"Hello"}]}""");

        Assert.Equal("stop", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(128, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Chat_StreamedWithUsage_BeginsWithTheRoleAndEndsWithTheUsage()
    {
        var chunks = await server.PostStreamAsync(
            "/v1/chat/completions",
            """{"model":"poet","messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}],"max_tokens":2,"stream":true,"stream_options":{"include_usage":true}}""");

        Assert.Equal(4, chunks.Count);
        Assert.All(chunks, chunk => Assert.Equal(("chat.completion.chunk", "poet"), (chunk.GetProperty("object").GetString(), chunk.GetProperty("model").GetString())));
        var role = chunks[0].GetProperty("choices")[0].GetProperty("delta");
        Assert.Equal(("assistant", ""), (role.GetProperty("role").GetString(), role.GetProperty("content").GetString()));
        Assert.Equal("length", chunks[2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, chunks[2].GetProperty("usage").ValueKind);
        Assert.Equal(0, chunks[3].GetProperty("choices").GetArrayLength());
        Assert.Equal(2, chunks[3].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Chat_NextTurn_FindsTheAnswerInTheCache()
    {
        var question = string.Join(' ', Enumerable.Repeat("question", 30));
        var first = await server.PostJsonAsync(
            "/v1/chat/completions", $$"""{"model":"sim","messages":[{"role":"user","content":"{{question}}"}],"max_tokens":40}""");
        var said = first.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

        var second = await server.PostJsonAsync(
            "/v1/chat/completions",
            $$"""{"model":"sim","messages":[{"role":"user","content":"{{question}}"},{"role":"assistant","content":"{{said}}"},{"role":"user","content":"and then?"}],"max_tokens":1}""");

        var known = first.GetProperty("usage").GetProperty("total_tokens").GetInt32();
        var cached = second.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();

        // All full blocks of what was computed: the last token of the answer was not.
        Assert.Equal((known - 1) / 16 * 16, cached);
    }

    [Fact]
    public async Task RequestId_FromTheClient_IsInTheAnswersId()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent("""{"model":"sim","prompt":"x","max_tokens":1}""", null, "application/json"),
            Headers = { { "x-request-id", "abc" } },
        };

        using var response = await server.Client.SendAsync(request);

        Assert.Contains("\"cmpl-abc\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(server.Client.BaseAddress!.Authority, Assert.Single(response.Headers.GetValues("x-simulator-server")));
    }

    private static void AssertUsage(JsonElement answer, int prompt, int completion)
    {
        var usage = answer.GetProperty("usage");
        Assert.Equal(
            (prompt, completion, prompt + completion),
            (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32()));
    }
}
