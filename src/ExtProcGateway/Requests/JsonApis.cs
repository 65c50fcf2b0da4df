namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>The JSON APIs that are known. The refusals' texts are the reference pickers' where clients see them.</summary>
internal static class JsonApis
{
    public static readonly JsonApi Completions = new()
    {
        Content = "prompt"u8.ToArray(),
        Shape = ContentShape.Prompt,
        Prompt = PromptForm.Completions,
        MissingContent = "invalid completions request: must have prompt field",
        MaxTokens = ["max_tokens"u8.ToArray()],
        RenderPath = "/v1/completions/render",
    };

    public static readonly JsonApi ChatCompletions = new()
    {
        Content = "messages"u8.ToArray(),
        Shape = ContentShape.Messages,
        Prompt = PromptForm.Chat,
        Tools = "tools"u8.ToArray(),
        MissingContent = "invalid chat completions request: must have valid messages field",
        MaxTokens = ["max_completion_tokens"u8.ToArray(), "max_tokens"u8.ToArray()],
        RenderPath = "/v1/chat/completions/render",
    };

    public static readonly JsonApi Embeddings = new()
    {
        Content = "input"u8.ToArray(),
        Shape = ContentShape.Input,
        Prompt = PromptForm.Json,
        MissingContent = "invalid embeddings request: must have input field",
    };

    public static readonly JsonApi Responses = new()
    {
        Content = "input"u8.ToArray(),
        Shape = ContentShape.Anything,
        Prompt = PromptForm.Responses,
        Preamble = "instructions"u8.ToArray(),
        Tools = "tools"u8.ToArray(),
        MissingContent = "invalid responses request: must have input field",
        MaxTokens = ["max_output_tokens"u8.ToArray()],
    };

    public static readonly JsonApi Conversations = new()
    {
        Content = "items"u8.ToArray(),
        Shape = ContentShape.Items,
        Prompt = PromptForm.Json,
        MissingContent = "invalid conversations request: must have items field",
    };

    public static readonly JsonApi Images = new()
    {
        Content = "prompt"u8.ToArray(),
        Shape = ContentShape.Text,
        MissingContent = "invalid images generations request: must have prompt field",
    };

    public static readonly JsonApi Messages = new()
    {
        Content = "messages"u8.ToArray(),
        Shape = ContentShape.Messages,
        Prompt = PromptForm.Messages,
        Preamble = "system"u8.ToArray(),
        Tools = "tools"u8.ToArray(),
        MissingContent = "invalid messages request: must have at least one message",
        MalformedContent = "error unmarshaling request body: messages must be an array of messages whose content is a string or an array of blocks",
        NotAnObject = "error unmarshaling request body: ",
        MaxTokens = ["max_tokens"u8.ToArray()],
    };

    /// <summary>vLLM's <c>/inference/v1/generate</c>.</summary>
    public static readonly JsonApi VllmGenerate = new()
    {
        Content = "token_ids"u8.ToArray(),
        Shape = ContentShape.Tokens,
        Prompt = PromptForm.Completions,
        MissingContent = "invalid generate request: must have token_ids field",
        MalformedContent = "invalid generate request: token_ids must be an array of token ids",
        NotAnObject = "error unmarshaling request body: ",
        MaxTokens = ["max_tokens"u8.ToArray()],
        MaxTokensObject = "sampling_params"u8.ToArray(),
    };

    /// <summary>SGLang's <c>/generate</c>, which names no model.</summary>
    public static readonly JsonApi SgLangGenerate = new()
    {
        Content = "input_ids"u8.ToArray(),
        Shape = ContentShape.Tokens,
        Prompt = PromptForm.Completions,
        MissingContent = "invalid generate request: must have input_ids field",
        MalformedContent = "invalid generate request: input_ids must be an array of token ids",
        NotAnObject = "error unmarshaling request body: ",
        HasModel = false,
        MaxTokens = ["max_new_tokens"u8.ToArray()],
        MaxTokensObject = "sampling_params"u8.ToArray(),
        CacheSalt = "extra_key"u8.ToArray(),
        MalformedCacheSalt = "invalid generate request: extra_key must be a string",
    };
}
