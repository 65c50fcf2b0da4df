using System.Diagnostics;

namespace Orleans.Inference.Grains.Tests.Fakes;

/// <summary>Waits for what other threads bring about.</summary>
public static class Eventually
{
    /// <summary>Far longer than anything takes, even on a busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Returns as soon as the condition holds; fails when it does not within <see cref="Limit"/>.</summary>
    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="True(Func{bool}, string)"/>
    public static async Task True(Func<Task<bool>> condition, string what)
    {
        var start = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(start.Elapsed < Limit, $"in {Limit}: {what}");
            await Task.Delay(5);
        }
    }
}
