namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>What was read of a request's body. Offsets count from the body's first byte, over all its pieces.</summary>
internal readonly record struct ParsedRequest
{
    /// <summary>The model asked for; empty where it is missing, no string, or not looked for.</summary>
    public string Model
    {
        get => field ?? "";
        init;
    }

    /// <summary>
    /// Where the model's JSON value begins, its first quote included. Where the body has no such key it is the place behind the object's
    /// opening brace, and <see cref="ModelLength"/> is 0. Meaningful only when <see cref="CanEditModel"/>.
    /// </summary>
    public long ModelOffset { get; init; }

    /// <summary>Length of the model's JSON value in bytes, its quotes included; 0 where the body has no such key.</summary>
    public int ModelLength { get; init; }

    /// <summary>The body is a JSON object in which the model's name can be replaced: see <see cref="ModelValue.Replace"/>.</summary>
    public bool CanEditModel => ModelOffset > 0;

    /// <summary>The answer is wanted as server-sent events.</summary>
    public bool Stream { get; init; }

    /// <summary>The most tokens that the answer may have; null where the request sets no limit that is a whole number.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>Where the JSON string of the cache salt begins, its first quote included.</summary>
    public long CacheSaltOffset { get; init; }

    /// <summary>Length of the cache salt's JSON string, its quotes included; 0 where there is none or it is empty.</summary>
    public int CacheSaltLength { get; init; }

    /// <summary>Where the body's prompt is, for <see cref="RequestRoute.HashPrompt"/>; nothing where the body is no JSON.</summary>
    public PromptRanges Prompt { get; init; }

    /// <summary>Why the body is refused; null where it is not.</summary>
    public string? Error { get; init; }

    /// <summary>A body that is refused.</summary>
    public static ParsedRequest Refused(string error) => new() { Error = error };
}
