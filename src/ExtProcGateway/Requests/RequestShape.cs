namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Which API a request's body belongs to, by its path.</summary>
internal enum RequestShape
{
    /// <summary>No API that is read here: forwarded as it is, scheduled without a model.</summary>
    Passthrough,

    /// <summary>OpenAI completions.</summary>
    Completions,

    /// <summary>OpenAI chat completions.</summary>
    ChatCompletions,
}
