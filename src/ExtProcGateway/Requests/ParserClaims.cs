namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>The paths that each parser claims, and what is done with requests to them.</summary>
internal static class ParserClaims
{
    /// <summary>The claims of a parser; none means that it takes every path.</summary>
    /// <exception cref="ArgumentException">There is no parser of that type.</exception>
    public static IReadOnlyList<PathClaim> Of(string type, ModelNames names) => type switch
    {
        ParserTypes.OpenAi =>
        [
            PathClaim.End("chat/completions", OpenAi(JsonApis.ChatCompletions, names)),
            PathClaim.End("chat/completions/render", OpenAi(JsonApis.ChatCompletions, names)),
            PathClaim.End("completions", OpenAi(JsonApis.Completions, names)),
            PathClaim.End("completions/render", OpenAi(JsonApis.Completions, names)),
            PathClaim.End("embeddings", OpenAi(JsonApis.Embeddings, names)),
            PathClaim.End("responses", OpenAi(JsonApis.Responses, names)),
            PathClaim.End("conversations", OpenAi(JsonApis.Conversations, names)),
            PathClaim.End("images/generations", OpenAi(JsonApis.Images, names)),
        ],
        ParserTypes.Anthropic =>
        [
            PathClaim.End("messages", new RequestRoute(new JsonBody(JsonApis.Messages, names)) { NeedsModel = true, ResponseFormat = ResponseFormat.Anthropic }),
            PathClaim.End("messages/count_tokens", new RequestRoute(null) { SkipsResponse = true }),
        ],
        ParserTypes.VllmHttp => [PathClaim.End("inference/v1/generate", OpenAi(JsonApis.VllmGenerate, names))],
        ParserTypes.SgLangHttp =>
        [
            PathClaim.Whole("generate", new RequestRoute(new JsonBody(JsonApis.SgLangGenerate, names)) { ResponseFormat = ResponseFormat.SgLang }),
        ],
        ParserTypes.VllmGrpc =>
        [
            PathClaim.End("vllm.grpc.engine.VllmEngine/Generate", new RequestRoute(new VllmGrpcBody(embed: false)) { ResponseFormat = ResponseFormat.VllmGenerate }),
            PathClaim.End("vllm.grpc.engine.VllmEngine/Embed", new RequestRoute(new VllmGrpcBody(embed: true)) { ResponseFormat = ResponseFormat.VllmEmbed }),
            PathClaim.Service("vllm.grpc.engine.VllmEngine", new RequestRoute(null) { SkipsResponse = true }),
        ],
        ParserTypes.VertexAi =>
        [
            PathClaim.End("PredictionService/ChatCompletions", VertexAi(JsonApis.ChatCompletions, names)),
            PathClaim.End("PredictionService/StreamRawPredict", VertexAi(JsonApis.Responses, names)),
            PathClaim.End("PredictionService/RawPredict", VertexAi(JsonApis.Responses, names)),
        ],
        ParserTypes.Passthrough => [],
        _ => throw new ArgumentException($"there is no request parser '{type}'; the types are {string.Join(", ", ParserTypes.All)}", nameof(type)),
    };

    private static RequestRoute VertexAi(JsonApi api, ModelNames names) => new(new VertexAiBody(new JsonBody(api, names))) { ResponseFormat = ResponseFormat.VertexAi };

    private static RequestRoute OpenAi(JsonApi api, ModelNames names) =>
        new(new JsonBody(api, names)) { NeedsModel = true, ResponseFormat = ResponseFormat.OpenAi };
}
