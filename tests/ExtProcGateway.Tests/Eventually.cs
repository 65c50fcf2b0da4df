namespace Orleans.Inference.ExtProcGateway.Tests;

/// <summary>Waits for states that no event announces.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    public static async Task TrueAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Http2.RawClient.Patience);
        while (!condition())
        {
            await Task.Delay(Step, limit.Token);
        }
    }

    public static async Task<T> GetAsync<T>(Func<T?> get)
        where T : class
    {
        T? value = null;
        await TrueAsync(() => (value = get()) is not null);
        return value!;
    }
}
