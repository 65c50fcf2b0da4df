using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary><c>defaultResolution</c> of pictures and videos.</summary>
public sealed record ResolutionParameters
{
    /// <summary>Of a size that isn't known.</summary>
    internal const int UsualWidth = 640;

    /// <inheritdoc cref="UsualWidth"/>
    internal const int UsualHeight = 360;

    /// <summary>Pixels.</summary>
    [Range(1, int.MaxValue)]
    [ElseDefault]
    [Description("Pixels, where the size isn't told.")]
    public int Width { get; init; } = UsualWidth;

    /// <summary>Pixels.</summary>
    [Range(1, int.MaxValue)]
    [ElseDefault]
    [Description("Pixels, where the size isn't told.")]
    public int Height { get; init; } = UsualHeight;
}
