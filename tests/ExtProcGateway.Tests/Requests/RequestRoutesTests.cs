using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Tests.Edge;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

public sealed class RequestRoutesTests
{
    private const string NoPrompt = "invalid completions request: must have prompt field";

    private static RequestRoutes Routes(params string[] parsers) => new(parsers, new ModelNames(), NullLogger.Instance);

    private static RequestRoute? Resolve(string path, params string[] parsers) =>
        Routes(parsers.Length == 0 ? [.. ParserTypes.Default] : parsers).Resolve(Encoding.UTF8.GetBytes(path));

    /// <summary>Which API a path is read as shows in what is missing from an empty object.</summary>
    [Theory]
    [InlineData("/v1/completions", NoPrompt)]
    [InlineData("/v1/completions/", NoPrompt)]
    [InlineData("/v1/completions/?a=b", NoPrompt)]
    [InlineData("completions", NoPrompt)]
    [InlineData("/v1/completions/render", NoPrompt)]
    [InlineData("/v1/chat/completions?x=/v1/completions", "invalid chat completions request: must have valid messages field")]
    [InlineData("/prefix/v1/chat/completions", "invalid chat completions request: must have valid messages field")]
    [InlineData("/v1/chat/completions/render", "invalid chat completions request: must have valid messages field")]
    [InlineData("/v1/embeddings", "invalid embeddings request: must have input field")]
    [InlineData("/v1/responses", "invalid responses request: must have input field")]
    [InlineData("/v1/conversations", "invalid conversations request: must have items field")]
    [InlineData("/v1/images/generations", "invalid images generations request: must have prompt field")]
    [InlineData("/v1/messages", "invalid messages request: must have at least one message")]
    [InlineData("/inference/v1/generate", "invalid generate request: must have token_ids field")]
    public void Resolve_DefaultParsers_ReadThePathsApi(string path, string missing)
    {
        var route = Resolve(path);

        Assert.NotNull(route);
        Assert.True(route.ReadsBody);
        Assert.True(route.NeedsModel);
        Assert.False(route.SkipsResponse);
        Assert.Equal(missing, route.Parse(Bodies.Whole("{}")).Error);
    }

    [Theory]
    [InlineData("/v1/completions")]
    [InlineData("/v1/messages", "anthropic")]
    [InlineData("/generate", "sglang")]
    [InlineData("/v1/messages/count_tokens", "raw")]
    [InlineData("/v1/models", "raw")]
    [InlineData("/vllm.grpc.engine.VllmEngine/Generate", "vllm generate")]
    [InlineData("/vllm.grpc.engine.VllmEngine/Embed", "vllm embed")]
    [InlineData("/vllm.grpc.engine.VllmEngine/HealthCheck", "raw")]
    [InlineData("/google.cloud.aiplatform.v1.PredictionService/ChatCompletions", "vertex")]
    [InlineData("/google.cloud.aiplatform.v1.PredictionService/RawPredict", "vertex")]
    [InlineData("/google.cloud.aiplatform.v1.PredictionService/StreamRawPredict", "vertex")]
    public void Resolve_Path_DecidesTheResponsesFormat(string path, string format = "openai")
    {
        var expected = format switch
        {
            "anthropic" => ResponseFormat.Anthropic,
            "sglang" => ResponseFormat.SgLang,
            "raw" => ResponseFormat.Raw,
            "vllm generate" => ResponseFormat.VllmGenerate,
            "vllm embed" => ResponseFormat.VllmEmbed,
            "vertex" => ResponseFormat.VertexAi,
            _ => ResponseFormat.OpenAi,
        };

        Assert.Equal(expected, Resolve(path, "openai-parser", "anthropic-parser", "sglanghttp-parser", "vllmgrpc-parser", "vertexai-parser", "passthrough-parser")!.ResponseFormat);
    }

    [Fact]
    public void Resolve_CountTokens_PassesRawAndSkipsTheResponse()
    {
        var route = Resolve("/v1/messages/count_tokens");

        Assert.NotNull(route);
        Assert.False(route.ReadsBody);
        Assert.False(route.NeedsModel);
        Assert.True(route.SkipsResponse);
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/v1/completionsx")]
    public void Resolve_UnknownPath_FallsBackToPassthrough(string path)
    {
        var route = Resolve(path);

        Assert.NotNull(route);
        Assert.False(route.ReadsBody);
        Assert.False(route.NeedsModel);
        Assert.False(route.SkipsResponse);
        Assert.Equal("", route.Parse(Bodies.Whole("no json")).Model);
    }

    [Fact]
    public void Resolve_UnknownPathWithoutFallback_HasNoRoute()
    {
        Assert.Null(Resolve("/v1/models?a=b", "openai-parser"));
        Assert.Equal("no parser registered matching path suffix for: /v1/models", RequestRoutes.NoParser("/v1/models?a=b"u8));
    }

    [Fact]
    public void Resolve_TwoParsersMatch_TheLongerSuffixWinsInAnyOrder()
    {
        string[][] orders = [["sglanghttp-parser", "vllmhttp-parser"], ["vllmhttp-parser", "sglanghttp-parser"]];
        foreach (var order in orders)
        {
            Assert.Equal("invalid generate request: must have token_ids field", Resolve("/inference/v1/generate", order)!.Parse(Bodies.Whole("{}")).Error);
            Assert.Equal("invalid generate request: must have input_ids field", Resolve("/generate", order)!.Parse(Bodies.Whole("{}")).Error);
        }
    }

    [Theory]
    [InlineData("generate", true)]
    [InlineData("/generate/", true)]
    [InlineData("/v1/generate", false)]
    [InlineData("xgenerate", false)]
    [InlineData("//generate", false)]
    public void Resolve_SgLangPath_IsAtTheRootOnly(string path, bool claimed) => Assert.Equal(claimed, Resolve(path, "sglanghttp-parser") is not null);

    [Fact]
    public void Constructor_ParserBehindAFallback_IsIgnoredWithAWarning()
    {
        var log = new RecordingLogger();
        var routes = new RequestRoutes(["openai-parser", "passthrough-parser", "anthropic-parser"], new ModelNames(), log);

        Assert.False(routes.Resolve("/v1/messages"u8)!.ReadsBody);
        Assert.True(routes.Resolve("/v1/completions"u8)!.ReadsBody);
        Assert.Contains("anthropic-parser", Assert.Single(log.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_DuplicateParser_IsIgnoredWithAWarning()
    {
        var log = new RecordingLogger();
        var routes = new RequestRoutes(["openai-parser", "openai-parser"], new ModelNames(), log);

        Assert.NotNull(routes.Resolve("/v1/completions"u8));
        Assert.Contains("openai-parser", Assert.Single(log.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_UnknownParser_Throws()
    {
        var fault = Assert.Throws<ArgumentException>(() => Routes("openai"));

        Assert.Contains("'openai'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("openai-parser", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_EveryKnownType_IsAccepted()
    {
        foreach (var type in ParserTypes.All)
        {
            Routes(type);
        }
    }
}
