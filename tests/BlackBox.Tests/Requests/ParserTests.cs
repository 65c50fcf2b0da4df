using Orleans.Inference.BlackBox.Tests.Support;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.BlackBox.Tests.Requests;

/// <summary>Which parser reads a body, by the request's path, and what it asks of the body; the parsers that are on by default.</summary>
[Collection(DefaultPickerCollection.Name)]
public sealed class ParserTests(DefaultPicker picker)
{
    private const string Conversations = "invalid conversations request: must have items field";
    private const string Responses = "invalid responses request: must have input field";
    private const string Chat = "invalid chat completions request: must have valid messages field";
    private const string Completions = "invalid completions request: must have prompt field";
    private const string Embeddings = "invalid embeddings request: must have input field";
    private const string Images = "invalid images generations request: must have prompt field";
    private const string Messages = "invalid messages request: must have at least one message";

    private readonly ExtProcClient _client = picker.ClientOf(DefaultPicker.Main);

    [Theory]
    [InlineData("/v1/conversations", """{"model":"m"}""", Conversations)]
    [InlineData("/v1/conversations", """{"model":"m","items":[]}""", Conversations)]
    [InlineData("/v1/responses", """{"model":"m"}""", Responses)]
    [InlineData("/v1/chat/completions", """{"model":"m"}""", Chat)]
    [InlineData("/v1/chat/completions", """{"model":"m","prompt":"x"}""", Chat)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[]}""", Chat)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":"hello"}""", Chat)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":5}]}""", Chat)]
    [InlineData("/v1/chat/completions/render", """{"model":"m"}""", Chat)]
    [InlineData("/v1/completions", """{"model":"m"}""", Completions)]
    [InlineData("/v1/completions", """{"model":"m","messages":[{"role":"user","content":"x"}]}""", Completions)]
    [InlineData("/v1/completions", """{"model":"m","prompt":""}""", Completions)]
    [InlineData("/v1/completions", """{"model":"m","prompt":[]}""", Completions)]
    [InlineData("/v1/completions", """{"model":"m","prompt":["a",1]}""", Completions)]
    [InlineData("/v1/completions", """{"model":"m","prompt":[1,"a"]}""", Completions)]
    [InlineData("/v1/completions", """{"model":"m","prompt":[1.5]}""", Completions)]
    [InlineData("/v1/completions", """{"model":"m","prompt":[-1]}""", Completions)]
    [InlineData("/v1/completions", """{"model":"m","prompt":[4294967296]}""", Completions)]
    [InlineData("/v1/completions", """{"model":"m","prompt":{"a":1}}""", Completions)]
    [InlineData("/v1/completions", """{"model":"m","prompt":5}""", Completions)]
    [InlineData("/v1/completions/render", """{"model":"m"}""", Completions)]
    [InlineData("/v1/embeddings", """{"model":"m"}""", Embeddings)]
    [InlineData("/v1/embeddings", """{"model":"m","input":""}""", Embeddings)]
    [InlineData("/v1/embeddings", """{"model":"m","input":[]}""", Embeddings)]
    [InlineData("/v1/embeddings", """{"model":"m","input":[[1],2]}""", Embeddings)]
    [InlineData("/v1/embeddings", """{"model":"m","input":[["a"]]}""", Embeddings)]
    [InlineData("/v1/embeddings", """{"model":"m","input":{"text":"a"}}""", Embeddings)]
    [InlineData("/v1/images/generations", """{"model":"m"}""", Images)]
    [InlineData("/v1/images/generations", """{"model":"m","prompt":""}""", Images)]
    [InlineData("/v1/images/generations", """{"model":"m","prompt":["x"]}""", Images)]
    [InlineData("/v1/messages", """{"model":"m","max_tokens":5}""", Messages)]
    [InlineData("/v1/messages", """{"model":"m","messages":[]}""", Messages)]
    public async Task Body_WithoutWhatItsPathNeeds_IsRefused(string path, string body, string message)
    {
        Assert.Equal(new Refusal(400, "inference error: BadRequest - " + message), await _client.RefuseAsync(body, path));
    }

    [Theory]
    [InlineData("/v1/conversations", """{"model":"m","items":[{"type":"message"}]}""")]
    [InlineData("/v1/responses", """{"model":"m","input":"x"}""")]
    [InlineData("/v1/responses", """{"model":"m","input":[{"role":"user","content":"x"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"data:,"}}]}]}""")]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,"tool_calls":[]},{"role":"tool","content":"y"}],"model":"m"}""")]
    [InlineData("/v1/chat/completions/render", """{"model":"m","messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("/v1/completions", """{"model":"m","prompt":"x"}""")]
    [InlineData("/v1/completions", """{"model":"m","prompt":["x","y"]}""")]
    [InlineData("/v1/completions", """{"model":"m","prompt":[0,4294967295]}""")]
    [InlineData("/v1/completions/render", """{"model":"m","prompt":"x"}""")]
    [InlineData("/v1/embeddings", """{"model":"m","input":"x"}""")]
    [InlineData("/v1/embeddings", """{"model":"m","input":["x"]}""")]
    [InlineData("/v1/embeddings", """{"model":"m","input":[1,2]}""")]
    [InlineData("/v1/embeddings", """{"model":"m","input":[[1,2],[3]]}""")]
    [InlineData("/v1/embeddings", """{"model":"m","input":[{"text":"a"},{"image":"data:,"}]}""")]
    [InlineData("/v1/images/generations", """{"model":"m","prompt":"x"}""")]
    [InlineData("/v1/messages", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("/v1/messages", """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],"system":[{"type":"text","text":"s"}]}""")]
    [InlineData("/inference/v1/generate", """{"model":"m","token_ids":[1,2,3],"sampling_params":{}}""")]
    public async Task Body_WithWhatItsPathNeeds_IsForwardedAsItIs(string path, string body)
    {
        var picked = await _client.PickAsync(body, path);

        Assert.Equal(picker.MainServer, picked.Destination);
        Assert.Equal(Exchanges.Utf8(body), picked.Body);
    }

    [Theory]
    [InlineData("/v1/completions/", Completions)]
    [InlineData("/v1/completions?stream=1", Completions)]
    [InlineData("/v1/completions/?stream=1", Completions)]
    [InlineData("/completions", Completions)]
    [InlineData("completions", Completions)]
    [InlineData("/some/prefix/v2/completions", Completions)]
    [InlineData("/v1/chat/completions/", Chat)]
    [InlineData("/openai/deployments/x/chat/completions?api-version=1", Chat)]
    [InlineData("/v1/messages?beta=true", Messages)]
    public async Task Path_ByItsLongestSuffix_ChoosesTheParser(string path, string message)
    {
        Assert.Equal("inference error: BadRequest - " + message, (await _client.RefuseAsync("""{"model":"m"}""", path)).Body);
    }

    [Theory]
    [InlineData("/v1/completions", "no JSON", "error unmarshaling request bodyMap: ")]
    [InlineData("/v1/completions", "[]", "error unmarshaling request bodyMap: ")]
    [InlineData("/v1/completions", "\"text\"", "error unmarshaling request bodyMap: ")]
    [InlineData("/v1/completions", "5", "error unmarshaling request bodyMap: ")]
    [InlineData("/v1/completions", "", "error unmarshaling request bodyMap: ")]
    [InlineData("/v1/completions", """{"model":"m","prompt":"x"}x""", "error unmarshaling request bodyMap: ")]
    [InlineData("/v1/completions", """{"model":"m","prompt":"x",}""", "error unmarshaling request bodyMap: ")]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[{"content":"x"}]""", "error unmarshaling request bodyMap: ")]
    [InlineData("/v1/messages", "no JSON", "error unmarshaling request body: ")]
    [InlineData("/v1/messages", "[]", "error unmarshaling request body: ")]
    public async Task Body_ThatIsNoJsonObject_IsRefused(string path, string body, string message)
    {
        var refusal = await _client.RefuseAsync(body, path);

        Assert.Equal((400, null), (refusal.Status, refusal.Reason));
        Assert.StartsWith("inference error: BadRequest - " + message, refusal.Body, StringComparison.Ordinal);
        Assert.NotEqual("inference error: BadRequest - " + message, refusal.Body);
    }

    [Theory]
    [InlineData("/v1/completions", """{"prompt":"x"}""")]
    [InlineData("/v1/completions", """{"model":"","prompt":"x"}""")]
    [InlineData("/v1/completions", """{"model":5,"prompt":"x"}""")]
    [InlineData("/v1/completions", """{"model":null,"prompt":"x"}""")]
    [InlineData("/v1/completions", """{"model":["m"],"prompt":"x"}""")]
    [InlineData("/v1/completions", """{"Model":"m","prompt":"x","nested":{"model":"m"}}""")]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("/v1/messages", """{"messages":[{"role":"user","content":"x"}]}""")]
    public async Task Body_WithoutAModel_IsRefused(string path, string body)
    {
        Assert.Equal(new Refusal(400, "inference error: BadRequest - model not found in request body"), await _client.RefuseAsync(body, path));
    }

    [Theory]
    [InlineData("""{"model":"m"}""")]
    [InlineData("""{"model":"m","token_ids":[]}""")]
    [InlineData("""{"model":"m","token_ids":"x"}""")]
    [InlineData("""{"model":"m","prompt":"x"}""")]
    public async Task Generate_WithoutTokenIds_IsRefused(string body)
    {
        var refusal = await _client.RefuseAsync(body, "/inference/v1/generate");

        Assert.Equal((400, null), (refusal.Status, refusal.Reason));
        Assert.StartsWith("inference error: BadRequest - ", refusal.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/opaque/path", "no JSON")]
    [InlineData("/generate", "{}")]
    [InlineData("/v1/audio/transcriptions", """{"model":"base"}""")]
    [InlineData("/v1/completions/more", """{"prompt":5}""")]
    [InlineData("/", "")]
    public async Task Body_OfAPathThatNoParserClaims_IsForwardedAsItIs(string path, string body)
    {
        var picked = await _client.PickAsync(body, path, ("x-llm-d-model-name-rewrite", "other"));

        Assert.Equal(picker.MainServer, picked.Destination);
        Assert.Equal(Exchanges.Utf8(body), picked.Body);
    }

    [Theory]
    [InlineData("/v1/messages/count_tokens")]
    [InlineData("/v1/messages/count_tokens?beta=true")]
    [InlineData("/v1/messages/count_tokens/")]
    public async Task CountTokens_OfAnyBody_IsForwardedAndTheStreamEnds(string path)
    {
        using var exchange = _client.Open();

        var picked = await exchange.SendRequestAsync("no JSON", ExtProcExchange.Headers(path));

        Assert.Equal(picker.MainServer, picked.Destination);
        Assert.Equal("no JSON"u8.ToArray(), picked.Body);
        Assert.Null(await exchange.TryReadAsync());
    }
}
