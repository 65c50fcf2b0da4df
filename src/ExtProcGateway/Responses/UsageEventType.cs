namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>The types of a stream's events that carry usage.</summary>
internal enum UsageEventType : byte
{
    /// <summary>Any other, or none.</summary>
    None,

    /// <summary><c>response.completed</c>, and <c>response.incomplete</c>, which ends a response that ran into its token limit (OpenAI's Responses API).</summary>
    ResponseEnded,

    /// <summary><c>message_start</c>, with the prompt's half (Anthropic).</summary>
    MessageStart,

    /// <summary><c>message_delta</c>, with the completion's half (Anthropic).</summary>
    MessageDelta,
}
