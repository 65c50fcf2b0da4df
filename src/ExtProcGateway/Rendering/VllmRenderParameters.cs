using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.ExtProcGateway.Rendering;

/// <summary><c>vllm</c> of <c>token-producer</c>.</summary>
internal sealed record VllmRenderParameters
{
    /// <summary>Where it is.</summary>
    [ElseDefault(Only = "")]
    [Description("Where it is: `/v1/completions/render` and `/v1/chat/completions/render` are put behind it.")]
    public string Url { get; init; } = "http://localhost:8000";

    /// <summary>How long it may take.</summary>
    [ElseDefault(Only = "")]
    [Description("How long a request waits for its tokens; then it goes on without them.")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The same with pictures.</summary>
    [ElseDefault(Only = "")]
    [Description("No effect: prompts with pictures, videos or sounds match nothing by their tokens, and are not asked about.")]
    public TimeSpan MmTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
