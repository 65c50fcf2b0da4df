namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>What the value that the model works on may be.</summary>
internal enum ContentShape
{
    /// <summary>A string, an array of strings, or an array of token ids; not mixed.</summary>
    Prompt,

    /// <summary>As <see cref="Prompt"/>, or an array of arrays of token ids or of objects.</summary>
    Input,

    /// <summary>A string.</summary>
    Text,

    /// <summary>An array of token ids.</summary>
    Tokens,

    /// <summary>An array of messages with a string or an array of blocks as content.</summary>
    Messages,

    /// <summary>An array of objects.</summary>
    Items,

    /// <summary>Any value but null.</summary>
    Anything,
}
