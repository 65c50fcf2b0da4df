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

    /// <summary>Messages <c>GenerateResponse</c> of vLLM's gRPC service.</summary>
    VllmGenerate,

    /// <summary>A message <c>EmbedResponse</c> of vLLM's gRPC service.</summary>
    VllmEmbed,

    /// <summary>gRPC messages <c>google.api.HttpBody</c> that carry OpenAI's text.</summary>
    VertexAi,

    /// <summary>Bytes that carry no usage that is known here.</summary>
    Raw,
}
