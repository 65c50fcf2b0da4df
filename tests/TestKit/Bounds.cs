namespace Orleans.Inference.TestKit;

/// <summary>Bounds of waiting. Only a failing test reaches them, so they are long enough for a machine that is busy with something else.</summary>
public static class Bounds
{
    /// <summary>For anything that should happen soon.</summary>
    public static TimeSpan Wait { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A token that is cancelled when the bound is over.</summary>
    public static CancellationToken Token() => new CancellationTokenSource(Wait).Token;

    /// <summary>Waits until a condition holds that nothing signals: asks again and again.</summary>
    /// <exception cref="TimeoutException">It never held.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var bound = new CancellationTokenSource(Wait);
        try
        {
            while (!await condition())
            {
                await Task.Delay(20, bound.Token);
            }
        }
        catch (OperationCanceledException) when (bound.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Wait.TotalSeconds} s: {what}");
        }
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, string)"/>
    public static Task UntilAsync(Func<bool> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return UntilAsync(() => Task.FromResult(condition()), what);
    }
}
