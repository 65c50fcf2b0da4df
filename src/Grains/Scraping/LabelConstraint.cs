namespace Orleans.Inference.Grains.Scraping;

/// <summary>A label that a series must have with exactly this value.</summary>
internal readonly record struct LabelConstraint(byte[] Name, byte[] Value);
