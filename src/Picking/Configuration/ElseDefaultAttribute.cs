namespace Orleans.Inference.Picking.Configuration;

/// <summary>On a parameter: a value that its rules refuse is replaced by the default, with a warning, where the reference picker takes it too.</summary>
/// <remarks>An empty text counts as left out and needs no warning.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ElseDefaultAttribute : Attribute
{
    /// <summary>Only this value is replaced, any other faulty one refused; null for all of them.</summary>
    public object? Only { get; set; }
}
