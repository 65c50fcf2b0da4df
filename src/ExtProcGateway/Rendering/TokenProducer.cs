using Orleans.Inference.Picking.Configuration;
using Orleans.Inference.Picking.Tokenization;

namespace Orleans.Inference.ExtProcGateway.Rendering;

/// <summary><c>token-producer</c>: where the tokens of a prompt that is text come from. Estimated by the gateway, unless a vLLM server is named that knows them.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
internal sealed class TokenProducer(RenderOptions? render, MediaEstimate estimate) : IDataProducer
{
    private const string Type = "token-producer";

    /// <summary>What configurations know of it, by both its names.</summary>
    public static IReadOnlyList<PluginDefinition> Definitions { get; } =
    [
        Of(Type) with
        {
            Example = """
                - type: token-producer
                  parameters:
                    modelName: meta-llama/Llama-3.1-8B-Instruct
                    vllm:
                      url: http://render.default.svc:8000
                      timeout: 400ms
                - name: without-a-tokenizer
                  type: token-producer
                  parameters:
                    estimate:
                      image:
                        dynamic: {factor: 784}
                      video:
                        tokensPerFrame: {mode: static, static: {numTokensPerFrame: 64} }
                        frames: {mode: strided, maxFrames: 32, strided: {frameStride: 12} }
                """,
        },
        Of("tokenizer") with { ReplacedBy = Type },
    ];

    /// <summary>Who is asked for tokens; null for nobody.</summary>
    public RenderOptions? Render => render;

    /// <summary>How pictures and videos are counted.</summary>
    public MediaEstimate Estimate => estimate;

    private static PluginDefinition Of(string type) => PluginDefinition.Of<TokenProducer, TokenProducerParameters>(type, Create) with
    {
        Summary = "Counts the tokens of a prompt, by an estimate: one for four bytes of text, and for pictures and videos what `estimate` says, 1,048,576 for one at most. They go into prefix matches, load in flight and whatever "
            + "goes by a prompt's length. The size of a picture in a data URL is read from its PNG, JPEG, GIF or WebP header (the reference reads no WebP), and of videos the headers "
            + "`x-llm-d-video-duration-seconds`, `x-llm-d-video-resolution` (`1280x720`) and `x-llm-d-video-fps` count before the defaults; values that are none are ignored. Where "
            + "it isn't listed, prompts are counted only if another plugin asks for their tokens or who holds them; else a request counts a token for four bytes of its body. "
            + "The first in the configuration counts. With `vllm`, a vLLM server makes real tokens of the text of completions and chats, for `precise-prefix-cache-producer`; "
            + "a request that gets none in time goes on without. There is one without being listed where a plugin needs it.",
        Produces = PluginData.Tokens,
    };

    private static TokenProducer Create(TokenProducerParameters parameters, PluginContext context)
    {
        if (parameters.UdsTokenizerConfig is not null)
        {
            context.Fault("udsTokenizerConfig", "udsTokenizerConfig is not supported: use vllm");
        }

        var estimate = (parameters.Estimate ?? new()).Read(context);
        if (parameters.Vllm is null && parameters.ModelName.Length == 0)
        {
            return new(null, estimate);
        }

        if (parameters.Estimate is not null)
        {
            context.Fault("estimate", "estimate and vllm (or modelName) exclude each other: leave one of them out");
        }

        var vllm = parameters.Vllm ?? new();
        if (parameters.ModelName.Length == 0)
        {
            context.Fault("vllm", "modelName is missing: vllm makes tokens for a model");
        }

        if (!Uri.TryCreate(vllm.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp)
        {
            context.Fault("vllm", $"vllm.url must be an http URL, not '{vllm.Url}'");
        }

        if (vllm.Timeout <= TimeSpan.Zero)
        {
            context.Fault("vllm", "vllm.timeout must be above 0");
        }

        return new(new(vllm.Url.TrimEnd('/'), parameters.ModelName, vllm.Timeout), estimate);
    }
}
