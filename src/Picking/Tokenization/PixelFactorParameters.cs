using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary><c>dynamic</c> of pictures and of a video's frames.</summary>
public sealed record PixelFactorParameters
{
    /// <summary>Pixels that a token stands for.</summary>
    [Range(1, int.MaxValue)]
    [ElseDefault]
    [Description("Pixels that a token stands for, in mode dynamic.")]
    public int Factor { get; init; } = 1024;
}
