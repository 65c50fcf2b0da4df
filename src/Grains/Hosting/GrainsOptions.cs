namespace Orleans.Inference.Grains.Hosting;

/// <summary>Times of the state's way from model servers to gateways.</summary>
public sealed class GrainsOptions
{
    /// <summary>Default of <see cref="ReportInterval"/>.</summary>
    public static readonly TimeSpan DefaultReportInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Default of <see cref="FrameInterval"/>.</summary>
    public static readonly TimeSpan DefaultFrameInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>How long a silo collects samples before it reports them to their pool; positive, at most a second.</summary>
    public TimeSpan ReportInterval { get; set; } = DefaultReportInterval;

    /// <summary>The least time between two frames of a pool, which are pushed when there is anything new; positive, at most a second.</summary>
    public TimeSpan FrameInterval { get; set; } = DefaultFrameInterval;

    /// <summary>How long a subscription lasts without renewal; gateways renew each second. At least two seconds.</summary>
    public TimeSpan SubscriptionLifetime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a pool looks for model servers' grains that went away; positive.</summary>
    public TimeSpan SupervisionInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// A model server whose last scrape was good and of which nothing was heard for this long is started anew: its silo may have died. A false
    /// alarm costs one grain call and changes nothing. Longer than a few scrape intervals.
    /// </summary>
    public TimeSpan HealthySilence { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The same for a model server that fails: longer than the scraper's time limit and longest pause together.</summary>
    public TimeSpan UnhealthySilence { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a model server's grain goes on scraping while its pool says that it does not know it.</summary>
    public TimeSpan OrphanLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a pool waits for discovery to confirm it before it asks the directory whether it still exists.</summary>
    public TimeSpan ConfirmationLimit { get; set; } = TimeSpan.FromSeconds(30);
}
