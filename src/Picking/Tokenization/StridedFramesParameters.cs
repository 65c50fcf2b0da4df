using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary><c>estimate.video.frames.strided</c> of <c>token-producer</c>.</summary>
public sealed record StridedFramesParameters
{
    /// <summary>Frames of a second that the video has.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [ElseDefault]
    [Description("Frames of a second that the video has, in mode strided and without the header `x-llm-d-video-fps`.")]
    public double DefaultSourceFPS { get; init; } = 24;

    /// <summary>One of so many frames is looked at.</summary>
    [Range(1, int.MaxValue)]
    [ElseDefault]
    [Description("One of so many frames is looked at.")]
    public int FrameStride { get; init; } = 1;
}
