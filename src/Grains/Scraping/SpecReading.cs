namespace Orleans.Inference.Grains.Scraping;

/// <summary>What a page had for one spec: its winning series.</summary>
internal struct SpecReading
{
    /// <summary>Timestamp of the best series so far, −1 before the first: one without a timestamp has 0, and of equal ones the first wins.</summary>
    public long Timestamp;

    /// <summary>Value of the best series.</summary>
    public double Value;

    /// <summary>A series of the spec is on the page.</summary>
    public bool Seen;

    /// <summary>A series of the spec could not be read.</summary>
    public bool Malformed;

    public static readonly SpecReading Nothing = new() { Timestamp = -1 };
}
