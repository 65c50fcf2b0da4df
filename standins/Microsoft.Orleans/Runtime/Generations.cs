namespace Orleans.Runtime;

/// <summary>Numbers that tell a silo from an earlier one at the same address: seconds since 2022, and never the same twice.</summary>
internal static class Generations
{
    private static readonly DateTimeOffset Epoch = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static int _last;

    public static int Next(TimeProvider timeProvider)
    {
        var now = (int)(timeProvider.GetUtcNow() - Epoch).TotalSeconds;
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }
}
