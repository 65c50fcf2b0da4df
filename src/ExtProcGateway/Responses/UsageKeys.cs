using Orleans.Inference.ExtProcGateway.Requests;

namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>Which members of which objects are read, by the format of the response.</summary>
internal static class UsageKeys
{
    /// <summary>The longest key is <c>cache_read_input_tokens</c>, the longest text <c>response.incomplete</c>, a number has at most 24 characters.</summary>
    public const int LongestText = 32;

    /// <summary>What a member is.</summary>
    public static UsageField Find(ResponseFormat format, UsageNode node, ReadOnlySpan<byte> key) => node switch
    {
        UsageNode.Root => format == ResponseFormat.SgLang ? FindInSgLangRoot(key) : FindInRoot(format, key),
        UsageNode.Wrapper => key.SequenceEqual("usage"u8) ? UsageField.Usage : UsageField.None,
        UsageNode.Usage or UsageNode.WrappedUsage => format switch
        {
            ResponseFormat.Anthropic => FindInAnthropicUsage(key),
            ResponseFormat.SgLang => FindInMetaInfo(key),
            _ => FindInUsage(key),
        },
        UsageNode.Details or UsageNode.WrappedDetails => key.SequenceEqual("cached_tokens"u8) ? UsageField.Cached : UsageField.None,
        _ => UsageField.None,
    };

    /// <summary>The object that a member of an object is.</summary>
    public static UsageNode Enter(UsageNode node, UsageField field) => (node, field) switch
    {
        (UsageNode.Root, UsageField.Wrapper) => UsageNode.Wrapper,
        (UsageNode.Root, UsageField.Usage) => UsageNode.Usage,
        (UsageNode.Wrapper, UsageField.Usage) => UsageNode.WrappedUsage,
        (UsageNode.Usage, UsageField.Details) => UsageNode.Details,
        (UsageNode.WrappedUsage, UsageField.Details) => UsageNode.WrappedDetails,
        _ => UsageNode.None,
    };

    private static UsageField FindInRoot(ResponseFormat format, ReadOnlySpan<byte> key)
    {
        if (key.SequenceEqual("usage"u8))
        {
            return UsageField.Usage;
        }

        if (key.SequenceEqual("type"u8))
        {
            return UsageField.Type;
        }

        return key.SequenceEqual(format == ResponseFormat.Anthropic ? "message"u8 : "response"u8) ? UsageField.Wrapper : UsageField.None;
    }

    private static UsageField FindInSgLangRoot(ReadOnlySpan<byte> key) => key.SequenceEqual("meta_info"u8) ? UsageField.Usage : UsageField.None;

    private static UsageField FindInUsage(ReadOnlySpan<byte> key) => key.Length switch
    {
        12 when key.SequenceEqual("total_tokens"u8) => UsageField.Total,
        12 when key.SequenceEqual("input_tokens"u8) => UsageField.Input,
        13 when key.SequenceEqual("prompt_tokens"u8) => UsageField.Prompt,
        13 when key.SequenceEqual("output_tokens"u8) => UsageField.Output,
        17 when key.SequenceEqual("completion_tokens"u8) => UsageField.Completion,
        20 when key.SequenceEqual("input_tokens_details"u8) => UsageField.Details,
        21 when key.SequenceEqual("prompt_tokens_details"u8) => UsageField.Details,
        _ => UsageField.None,
    };

    private static UsageField FindInAnthropicUsage(ReadOnlySpan<byte> key) => key.Length switch
    {
        12 when key.SequenceEqual("input_tokens"u8) => UsageField.Input,
        13 when key.SequenceEqual("output_tokens"u8) => UsageField.Output,
        23 when key.SequenceEqual("cache_read_input_tokens"u8) => UsageField.Cached,
        _ => UsageField.None,
    };

    private static UsageField FindInMetaInfo(ReadOnlySpan<byte> key) => key.Length switch
    {
        13 when key.SequenceEqual("prompt_tokens"u8) => UsageField.Prompt,
        13 when key.SequenceEqual("cached_tokens"u8) => UsageField.Cached,
        13 when key.SequenceEqual("finish_reason"u8) => UsageField.FinishReason,
        17 when key.SequenceEqual("completion_tokens"u8) => UsageField.Completion,
        _ => UsageField.None,
    };
}
