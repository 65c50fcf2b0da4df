using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Rendering;

/// <summary><c>token-producer</c>: where the tokens of a prompt that is text come from. Estimated by the gateway, unless a vLLM server is named that knows them.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
internal sealed class TokenProducer(RenderOptions? render) : IDataProducer
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
                """,
        },
        Of("tokenizer") with { ReplacedBy = Type },
    ];

    /// <summary>Who is asked for tokens; null for nobody.</summary>
    public RenderOptions? Render => render;

    private static PluginDefinition Of(string type) => PluginDefinition.Of<TokenProducer, TokenProducerParameters>(type, Create) with
    {
        Summary = "Counts the tokens of a prompt: an estimate of four bytes a token. With `vllm`, a vLLM server makes real tokens of the text of completions and chats, for `precise-prefix-cache-producer`; "
            + "a request that gets none in time goes on without. There is one without being listed where a plugin needs it.",
        Produces = PluginData.Tokens,
    };

    private static TokenProducer Create(TokenProducerParameters parameters, PluginContext context)
    {
        if (parameters.UdsTokenizerConfig is not null)
        {
            context.Fault("udsTokenizerConfig", "udsTokenizerConfig is not supported: use vllm");
        }

        if (parameters.Vllm is null && parameters.ModelName.Length == 0)
        {
            return new(null);
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

        return new(new(vllm.Url.TrimEnd('/'), parameters.ModelName, vllm.Timeout));
    }
}
