namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>How the response to a request is written, as far as its token usage is concerned.</summary>
internal enum ResponseFormat
{
    /// <summary>OpenAI's: completions, chat completions, embeddings, images, responses.</summary>
    OpenAi,

    /// <summary>Anthropic's messages.</summary>
    Anthropic,

    /// <summary>SGLang's own <c>/generate</c>.</summary>
    SgLang,

    /// <summary>Bytes that carry no usage that is known here.</summary>
    Raw,
}
