using System.ComponentModel;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary><c>estimate</c> of <c>token-producer</c>: how many tokens stand for what is no text.</summary>
public sealed record EstimateParameters
{
    /// <summary>Of pictures.</summary>
    [Description("Of pictures.")]
    public ImageEstimateParameters Image { get; init; } = new();

    /// <summary>Of videos.</summary>
    [Description("Of videos.")]
    public VideoEstimateParameters Video { get; init; } = new();

    /// <summary>What they say; warns of what has no effect.</summary>
    public MediaEstimate Read(PluginContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        CheckStatic(context, "estimate.image", Image.Mode, "staticToken", Image.Static.StaticToken);
        CheckStatic(context, "estimate.video.tokensPerFrame", Video.TokensPerFrame.Mode, "numTokensPerFrame", Video.TokensPerFrame.Static.NumTokensPerFrame);
        if (Video.Frames is { MaxFrames: > 0 } frames && frames.MinFrames > frames.MaxFrames)
        {
            context.Warn("estimate", $"estimate.video.frames.minFrames is {frames.MinFrames}, above maxFrames, {frames.MaxFrames}, which counts instead");
        }

        return new(this);
    }

    /// <summary>A number that the mode doesn't look at, and a mode without the number that it looks at, are taken as the reference picker takes them.</summary>
    private static void CheckStatic(PluginContext context, string path, string mode, string name, int? value)
    {
        if (mode == TokenCountMode.Dynamic && value is not null)
        {
            context.Warn("estimate", $"{path}.static.{name} has no effect: {path}.mode is {TokenCountMode.Dynamic}");
        }
        else if (mode == TokenCountMode.Static && value is null)
        {
            context.Warn("estimate", $"{path}.mode is {TokenCountMode.Static}, and without {path}.static.{name} it counts 1 token");
        }
    }
}
