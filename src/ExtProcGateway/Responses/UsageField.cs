namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>The members of <see cref="UsageNode"/>s that are read.</summary>
internal enum UsageField : byte
{
    /// <summary>Any other: skipped.</summary>
    None,

    /// <summary>The type of a stream's event.</summary>
    Type,

    /// <summary>A <see cref="UsageNode.Wrapper"/>.</summary>
    Wrapper,

    /// <summary>A usage.</summary>
    Usage,

    /// <summary>A prompt's details.</summary>
    Details,

    /// <summary><c>prompt_tokens</c>.</summary>
    Prompt,

    /// <summary><c>input_tokens</c>, where <c>prompt_tokens</c> is not there.</summary>
    Input,

    /// <summary><c>completion_tokens</c>.</summary>
    Completion,

    /// <summary><c>output_tokens</c>, where <c>completion_tokens</c> is not there.</summary>
    Output,

    /// <summary><c>total_tokens</c>.</summary>
    Total,

    /// <summary>Tokens found in a prefix cache.</summary>
    Cached,

    /// <summary>SGLang's <c>finish_reason</c>, which only the last event has.</summary>
    FinishReason,
}
