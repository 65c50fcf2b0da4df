using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.Fuzz.Targets;

/// <summary>What can be fuzzed. A new target is a class, a line here and a folder of seeds.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All()
    {
        var names = new ModelNames();
        return
        [
            new JsonBodyTarget("completions", JsonApis.Completions, names),
            new JsonBodyTarget("chat-completions", JsonApis.ChatCompletions, names),
            new JsonBodyTarget("embeddings", JsonApis.Embeddings, names),
            new JsonBodyTarget("responses", JsonApis.Responses, names),
            new JsonBodyTarget("conversations", JsonApis.Conversations, names),
            new JsonBodyTarget("images", JsonApis.Images, names),
            new JsonBodyTarget("messages", JsonApis.Messages, names),
            new JsonBodyTarget("vllm-generate", JsonApis.VllmGenerate, names),
            new JsonBodyTarget("sglang-generate", JsonApis.SgLangGenerate, names),
            new GrpcBodyTarget("vllmgrpc-generate", new VllmGrpcBody(embed: false)),
            new GrpcBodyTarget("vllmgrpc-embed", new VllmGrpcBody(embed: true)),
            new GrpcBodyTarget("vertexai-chat", new VertexAiBody(new JsonBody(JsonApis.ChatCompletions, names)), new JsonBody(JsonApis.ChatCompletions, names)),
            new PromptTarget(names),
            new RoutesTarget(names),
            new UsageTarget(),
            new StreamTarget(),
        ];
    }
}
