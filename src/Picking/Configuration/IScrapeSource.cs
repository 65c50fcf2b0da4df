namespace Orleans.Inference.Picking.Configuration;

/// <summary>A plugin that says how often the model servers' figures are read.</summary>
public interface IScrapeSource
{
    /// <summary>Time between two scrapes of a server; null where it is the process that says it.</summary>
    TimeSpan? ScrapeInterval { get; }
}
