using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary><c>estimate.video</c> of <c>token-producer</c>: frames times tokens of a frame.</summary>
public sealed record VideoEstimateParameters
{
    /// <summary>Tokens of a frame.</summary>
    [Description("Tokens of a frame.")]
    public TokensPerFrameParameters TokensPerFrame { get; init; } = new();

    /// <summary>How many frames are looked at.</summary>
    [Description("How many frames are looked at.")]
    public FramesParameters Frames { get; init; } = new();

    /// <summary>Size of the frames.</summary>
    [Description("Size of the frames.")]
    public ResolutionParameters DefaultResolution { get; init; } = new();

    /// <summary>Length in seconds.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [ElseDefault]
    [Description("Seconds that a video lasts, without the header `x-llm-d-video-duration-seconds`.")]
    public double DefaultDuration { get; init; } = 10;

    /// <summary>Most tokens of a video.</summary>
    [Range(0, int.MaxValue)]
    [ElseDefault]
    [Description("Most tokens of a video; 0 means no such limit.")]
    public int MaxVideoTokens { get; init; }
}
