namespace Orleans.Inference.Picking.Configuration;

/// <summary>On a parameter that is a duration: a whole number is taken too, as nanoseconds, which is what the reference picker wants to have there.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NanosecondsAttribute : Attribute;
