using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary><c>estimate.video.frames.sampled</c> of <c>token-producer</c>.</summary>
/// <remarks>The reference picker's documentation says 1 for <see cref="SampleFPS"/>; what it does by default is 2.</remarks>
public sealed record SampledFramesParameters
{
    /// <summary>Frames of a second.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    [ElseDefault]
    [Description("Frames of a second that are looked at, in mode sampled. (The reference's documentation says 1; by default it takes 2.)")]
    public double SampleFPS { get; init; } = 2;

    /// <summary>Frames that become one.</summary>
    [Range(0, int.MaxValue)]
    [ElseDefault]
    [Description("So many frames become one, after `minFrames` and `maxFrames`; 0 and 1 leave them as they are.")]
    public int TemporalPatchSize { get; init; }
}
