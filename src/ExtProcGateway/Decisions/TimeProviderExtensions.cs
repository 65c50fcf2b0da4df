namespace Orleans.Inference.ExtProcGateway.Decisions;

internal static class TimeProviderExtensions
{
    /// <summary>Milliseconds of the process's monotonic clock: the clock of <see cref="Picking.PoolView.SampledAt"/>.</summary>
    public static long GetMilliseconds(this TimeProvider time) => time.GetTimestamp() / (time.TimestampFrequency / 1000);
}
