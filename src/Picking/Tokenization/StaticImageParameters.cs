using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary><c>estimate.image.static</c> of <c>token-producer</c>.</summary>
public sealed record StaticImageParameters
{
    /// <summary>Tokens of each picture.</summary>
    [Range(1, MediaEstimate.MostTokens)]
    [ElseDefault(Only = 0)]
    [Description("Tokens of each picture, in mode static; 1 where it is left out.")]
    public int? StaticToken { get; init; }
}
