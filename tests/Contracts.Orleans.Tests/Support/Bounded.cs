namespace Orleans.Inference.OrleansContracts.Support;

/// <summary>Awaits that end: far later than anything takes on a busy machine, but they end.</summary>
internal static class Bounded
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task Within(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>Asks again until it is so.</summary>
    public static async Task Until(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition().Within())
        {
            await Task.Delay(10, limit.Token);
        }
    }
}
