namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>Tokens that a model server says a request used.</summary>
/// <param name="Prompt">Tokens of the prompt; 0 where they are not said.</param>
/// <param name="Completion">Generated tokens; 0 where they are not said.</param>
/// <param name="Total">Both; 0 where the block did not say it.</param>
/// <param name="Cached">Tokens of the prompt that a prefix cache held; null where it is not said, which is not the same as none.</param>
internal readonly record struct TokenUsage(long Prompt, long Completion, long Total, long? Cached)
{
    /// <summary>This usage with what a later block of the same response says.</summary>
    /// <remarks>
    /// Streams may say one half at the start and the other at the end (Anthropic), or repeat both as they grow (vLLM's continuous usage): what a block does not
    /// say stays. Only a block with both halves can know the total.
    /// </remarks>
    public TokenUsage Merge(in TokenUsage later)
    {
        var prompt = later.Prompt != 0 ? later.Prompt : Prompt;
        var completion = later.Completion != 0 ? later.Completion : Completion;
        var knowsTotal = later.Prompt != 0 && later.Completion != 0 && later.Total != 0;
        return new TokenUsage(prompt, completion, knowsTotal ? later.Total : prompt + completion, later.Cached ?? Cached);
    }
}
