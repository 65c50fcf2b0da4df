using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary><c>estimate.video.frames</c> of <c>token-producer</c>.</summary>
public sealed record FramesParameters
{
    /// <summary>How frames are counted.</summary>
    [AllowedValues(FrameCountMode.Sampled, FrameCountMode.Strided)]
    [ElseDefault(Only = "")]
    [Description("How frames are counted: duration · sampleFPS, or duration · source FPS / frameStride; both are rounded down.")]
    public string Mode { get; init; } = FrameCountMode.Sampled;

    /// <summary>Fewest frames.</summary>
    [Range(0, int.MaxValue)]
    [ElseDefault]
    [Description("Fewest frames; 0 means no such limit.")]
    public int MinFrames { get; init; }

    /// <summary>Most frames.</summary>
    [Range(0, int.MaxValue)]
    [ElseDefault]
    [Description("Most frames; 0 means no such limit.")]
    public int MaxFrames { get; init; }

    /// <summary>Of mode sampled.</summary>
    [Description("Of mode sampled.")]
    public SampledFramesParameters Sampled { get; init; } = new();

    /// <summary>Of mode strided.</summary>
    [Description("Of mode strided.")]
    public StridedFramesParameters Strided { get; init; } = new();
}
