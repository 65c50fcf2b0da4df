namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>How a JSON API's values become the text, or the tokens, of a prompt.</summary>
internal enum PromptForm
{
    /// <summary>No prompt whose beginning a server could have cached.</summary>
    None,

    /// <summary>A string is a prompt, an array of strings is several, and an array of token ids is a prompt of these tokens.</summary>
    Completions,

    /// <summary>The tools as they are written, then the role and the text of each message; pictures, videos and sounds become placeholders.</summary>
    Chat,

    /// <summary>The tools, the system's text, then the role and the blocks of each message, as Anthropic writes them.</summary>
    Messages,

    /// <summary>An array of the objects <c>{"instructions":…}</c>, <c>{"tools":…}</c> and <c>{"input":…}</c>, of those that there are.</summary>
    Responses,

    /// <summary>The value as it is written; an array of token ids is a prompt of these tokens.</summary>
    Json,
}
