namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>What a streamed answer contains besides the text.</summary>
internal sealed record StreamOptionsBody
{
    /// <summary>A last chunk without choices, with the usage.</summary>
    public bool? IncludeUsage { get; init; }

    /// <summary>The usage so far in every chunk.</summary>
    public bool? ContinuousUsageStats { get; init; }
}
