namespace Orleans.Configuration;

public class SiloMessagingOptions : MessagingOptions
{
    public int MaxForwardCount { get; set; } = 2;

    public TimeSpan SystemResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan RequestProcessingWarningTime { get; set; } = TimeSpan.FromSeconds(20);

    public TimeSpan RequestQueueDelayWarningTime { get; set; } = TimeSpan.FromSeconds(20);

    public TimeSpan MaxRequestProcessingTime { get; set; } = TimeSpan.FromHours(2);

    public bool AssumeHomogenousSilosForTesting { get; set; }
}
