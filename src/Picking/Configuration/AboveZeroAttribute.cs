using System.ComponentModel.DataAnnotations;

namespace Orleans.Inference.Picking.Configuration;

/// <summary>On a parameter that is a duration: it must be above 0.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AboveZeroAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || (value is TimeSpan time && time > TimeSpan.Zero);
}
