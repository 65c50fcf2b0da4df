namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>The objects of a response that lie on the way to its token usage.</summary>
internal enum UsageNode : byte
{
    /// <summary>None of them: skipped.</summary>
    None,

    /// <summary>The response, or the event of a stream.</summary>
    Root,

    /// <summary>The object in which a stream's event wraps its usage: <c>response</c> (OpenAI) or <c>message</c> (Anthropic).</summary>
    Wrapper,

    /// <summary>The <c>usage</c> of the root, or SGLang's <c>meta_info</c>.</summary>
    Usage,

    /// <summary>The <c>usage</c> of the wrapper.</summary>
    WrappedUsage,

    /// <summary><c>prompt_tokens_details</c> or <c>input_tokens_details</c> in the root's usage.</summary>
    Details,

    /// <summary>The same in the wrapper's usage.</summary>
    WrappedDetails,
}
