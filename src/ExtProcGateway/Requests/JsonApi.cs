namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>What one API's JSON bodies must have and what is read of them.</summary>
internal sealed record JsonApi
{
    /// <summary>Key of the value that the model works on.</summary>
    public required byte[] Content { get; init; }

    /// <summary>What that value may be.</summary>
    public required ContentShape Shape { get; init; }

    /// <summary>How that value and the next two make up the prompt that servers cache.</summary>
    public PromptForm Prompt { get; init; }

    /// <summary>Key of the value that is put before the content, such as a system prompt; empty where the API has none.</summary>
    public byte[] Preamble { get; init; } = [];

    /// <summary>Key of the tools that the model may call; empty where the API has none.</summary>
    public byte[] Tools { get; init; } = [];

    /// <summary>The refusal of a body without it.</summary>
    public required string MissingContent { get; init; }

    /// <summary>The refusal of one of another shape; null means the same text.</summary>
    public string? MalformedContent { get; init; }

    /// <summary>Beginning of the refusal of a body that is no JSON object.</summary>
    public string NotAnObject { get; init; } = "error unmarshaling request bodyMap: ";

    /// <summary>The body names a model.</summary>
    public bool HasModel { get; init; } = true;

    /// <summary>Keys of the limit on the answer's tokens, the one that counts first; empty where the API has none.</summary>
    public byte[][] MaxTokens { get; init; } = [];

    /// <summary>Key of the object that has those keys; null where they are the body's own.</summary>
    public byte[]? MaxTokensObject { get; init; }

    /// <summary>The path at which vLLM makes tokens of such a body; empty for none.</summary>
    public string RenderPath { get; init; } = "";

    /// <summary>Key of the string that keeps cached prefixes of different owners apart.</summary>
    public byte[] CacheSalt { get; init; } = "cache_salt"u8.ToArray();

    /// <summary>The refusal of a cache salt that is no string; null ignores such a salt.</summary>
    public string? MalformedCacheSalt { get; init; }
}
