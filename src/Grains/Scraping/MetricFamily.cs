namespace Orleans.Inference.Grains.Scraping;

/// <summary>A family that is read, and the specs (by index in <see cref="EngineMapping.Specs"/>) that read it.</summary>
internal sealed record MetricFamily(byte[] Name, int[] Specs);
