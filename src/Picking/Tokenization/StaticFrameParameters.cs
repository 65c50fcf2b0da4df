using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary><c>estimate.video.tokensPerFrame.static</c> of <c>token-producer</c>.</summary>
public sealed record StaticFrameParameters
{
    /// <summary>Tokens of each frame.</summary>
    [Range(1, MediaEstimate.MostTokens)]
    [ElseDefault(Only = 0)]
    [Description("Tokens of each frame, in mode static; 1 where it is left out.")]
    public int? NumTokensPerFrame { get; init; }
}
