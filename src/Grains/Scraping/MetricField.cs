namespace Orleans.Inference.Grains.Scraping;

/// <summary>What a metric means to the picker.</summary>
internal enum MetricField
{
    Queued,
    Running,
    KvUsage,
    Lora,
    CacheInfo,
    CacheBlockSize,
    CacheBlockCount,
}
