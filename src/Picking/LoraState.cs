namespace Orleans.Inference.Picking;

/// <summary>The LoRA adapters of one model server, from its <c>lora_requests_info</c> gauge.</summary>
/// <remarks>Immutable; replaced whole when the server reports another set.</remarks>
public sealed class LoraState(string[] active, string[] waiting, int maxActive)
{
    /// <summary>No adapter known: the server reports none, or has not been scraped.</summary>
    public static readonly LoraState None = new([], [], 0);

    /// <summary>Adapters with running requests.</summary>
    public ReadOnlySpan<string> Active => active;

    /// <summary>Adapters with waiting requests only.</summary>
    public ReadOnlySpan<string> Waiting => waiting;

    /// <summary>How many adapters the server holds at once (<c>max_lora</c>).</summary>
    public int MaxActive { get; } = maxActive;
}
