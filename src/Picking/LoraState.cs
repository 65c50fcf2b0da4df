namespace Orleans.Inference.Picking;

/// <summary>The LoRA adapters of one model server, from its <c>lora_requests_info</c> gauge.</summary>
/// <remarks>Immutable; replaced whole when the server reports another set.</remarks>
public sealed class LoraState(string[] active, string[] waiting, int maxActive)
{
    /// <summary>No adapter known: the server reports none, or has not been scraped.</summary>
    public static readonly LoraState None = new([], [], 0);

    private readonly ulong _marks = MarksOf(active) | MarksOf(waiting);

    /// <summary>Fewer adapters run and wait than the server holds at once.</summary>
    internal bool HasRoom { get; } = active.Length + waiting.Length < maxActive;

    /// <summary>Adapters with running requests.</summary>
    public ReadOnlySpan<string> Active => active;

    /// <summary>Adapters with waiting requests only.</summary>
    public ReadOnlySpan<string> Waiting => waiting;

    /// <summary>How many adapters the server holds at once (<c>max_lora</c>).</summary>
    public int MaxActive { get; } = maxActive;

    /// <summary>One bit of 64, by the adapter's name; for <see cref="MayHave"/>.</summary>
    internal static ulong MarkOf(string adapter) => 1UL << (adapter.GetHashCode(StringComparison.Ordinal) & 63);

    /// <summary>False where the adapter is neither active nor waiting: one comparison, where a look into the lists follows three pointers for each name.</summary>
    /// <param name="mark">From <see cref="MarkOf"/>.</param>
    internal bool MayHave(ulong mark) => (_marks & mark) != 0;

    private static ulong MarksOf(string[] adapters)
    {
        var marks = 0UL;
        foreach (var adapter in adapters)
        {
            marks |= MarkOf(adapter);
        }

        return marks;
    }
}
