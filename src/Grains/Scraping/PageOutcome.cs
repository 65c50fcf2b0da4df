namespace Orleans.Inference.Grains.Scraping;

/// <summary>How much of a page was of use.</summary>
/// <param name="Applied">Fields that got a value.</param>
/// <param name="Missing">Fields of the engine that the page does not have; they keep their last value.</param>
/// <param name="Bad">Fields whose value was malformed, not finite, negative or out of range; they keep their last value.</param>
internal readonly record struct PageOutcome(int Applied, int Missing, int Bad);
