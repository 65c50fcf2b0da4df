using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Configuration;

/// <summary>A parser of request bodies that a configuration names; <see cref="RequestRoutes"/> has what it does.</summary>
/// <param name="Type">One of <see cref="ParserTypes"/>.</param>
internal sealed record RequestParserPlugin(string Type)
{
    /// <summary>What configurations know of the parsers.</summary>
    public static IEnumerable<PluginDefinition> Definitions { get; } =
    [
        Of(ParserTypes.OpenAi, "OpenAI's API: `chat/completions`, `completions`, `embeddings`, `responses`, `conversations`, `images/generations`, and `render` of the first two."),
        Of(ParserTypes.Anthropic, "Anthropic's API: `messages`, and `messages/count_tokens`, which passes unread."),
        Of(ParserTypes.VllmHttp, "vLLM's `inference/v1/generate`, with token ids."),
        Of(ParserTypes.SgLangHttp, "SGLang's `/generate`, with token ids."),
        Of(ParserTypes.VllmGrpc, "vLLM's gRPC service `vllm.grpc.engine.VllmEngine`."),
        Of(ParserTypes.VertexAi, "Vertex AI's gRPC `PredictionService`, with OpenAI's JSON within."),
        Of(ParserTypes.Passthrough, "Every path that no other parser claims: the body passes unread, and is scheduled without a model. Parsers listed after it are ignored."),
    ];

    private static PluginDefinition Of(string type, string summary) =>
        PluginDefinition.Of(type, _ => new RequestParserPlugin(type)) with { Roles = PluginRoles.Parser, Summary = summary };
}
