namespace Orleans.Inference.Silo.Status;

/// <summary>One model server in the report.</summary>
/// <param name="KvUsage">0 to 1.</param>
/// <param name="AgeMs">Age of the figures; null before the first scrape that gave any.</param>
/// <param name="LoraMax">How many adapters it holds at once.</param>
internal sealed record ModelServerReport(string Id, string Address, int Queued, int Running, double KvUsage, long? AgeMs, string[] LoraActive, string[] LoraWaiting, int LoraMax, int KvBlocks, int KvBlockSize);
