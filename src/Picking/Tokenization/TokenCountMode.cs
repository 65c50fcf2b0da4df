namespace Orleans.Inference.Picking.Tokenization;

/// <summary>How the tokens of a picture, or of a frame of a video, are counted: values of <c>mode</c>.</summary>
internal static class TokenCountMode
{
    /// <summary>By its pixels.</summary>
    public const string Dynamic = "dynamic";

    /// <summary>Always the same.</summary>
    public const string Static = "static";
}
