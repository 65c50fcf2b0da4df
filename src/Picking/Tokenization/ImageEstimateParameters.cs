using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary><c>estimate.image</c> of <c>token-producer</c>.</summary>
public sealed record ImageEstimateParameters
{
    /// <summary>How tokens are counted.</summary>
    [AllowedValues(TokenCountMode.Dynamic, TokenCountMode.Static)]
    [ElseDefault(Only = "")]
    [Description("How a picture's tokens are counted: by its pixels, width · height / factor, or always the same.")]
    public string Mode { get; init; } = TokenCountMode.Dynamic;

    /// <summary>Size of a picture that doesn't tell its own.</summary>
    [Description("Size of a picture that doesn't tell its own.")]
    public ResolutionParameters DefaultResolution { get; init; } = new();

    /// <summary>Of mode dynamic.</summary>
    [Description("Of mode dynamic.")]
    public PixelFactorParameters Dynamic { get; init; } = new();

    /// <summary>Of mode static.</summary>
    [Description("Of mode static.")]
    public StaticImageParameters Static { get; init; } = new();
}
