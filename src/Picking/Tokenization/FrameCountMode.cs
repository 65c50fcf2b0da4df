namespace Orleans.Inference.Picking.Tokenization;

/// <summary>How the frames of a video are counted: values of <c>frames.mode</c>.</summary>
internal static class FrameCountMode
{
    /// <summary>So many of each second.</summary>
    public const string Sampled = "sampled";

    /// <summary>One of so many.</summary>
    public const string Strided = "strided";
}
