using System.Collections.Immutable;
using System.ComponentModel;
using Orleans.Inference.Picking.Tokenization;

namespace Orleans.Inference.ExtProcGateway.Rendering;

/// <summary>Parameters of <c>token-producer</c>, with the reference picker's names and defaults.</summary>
internal sealed record TokenProducerParameters
{
    /// <summary>How many tokens stand for pictures and videos, where nobody is asked.</summary>
    [Description("How many tokens stand for pictures and videos.")]
    public EstimateParameters? Estimate { get; init; }

    /// <summary>The model whose tokens are asked for.</summary>
    [Description("The model whose tokens are asked for; with it, or with `vllm`, a vLLM server is asked.")]
    public string ModelName { get; init; } = "";

    /// <summary>The vLLM server that is asked.</summary>
    [Description("The vLLM server that is asked.")]
    public VllmRenderParameters? Vllm { get; init; }

    /// <summary>A tokenizer behind a Unix domain socket.</summary>
    [Description("Refused: use `vllm`.")]
    public ImmutableDictionary<string, string>? UdsTokenizerConfig { get; init; }
}
