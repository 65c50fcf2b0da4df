namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>How many tokens stand for what is no text, where nothing tells its size: the reference picker's defaults.</summary>
internal static class MediaTokens
{
    /// <summary>640 × 360 pixels, one token for 1,024 of them.</summary>
    public const int Picture = 640 * 360 / 1024;

    /// <summary>10 seconds, of which two pictures a second are looked at.</summary>
    public const int Video = 10 * 2 * Picture;

    /// <summary>A sound of that many characters (of its URL, or of its data in base64): one token for four, at least one.</summary>
    public static int Sound(long length) => (int)Math.Clamp((length + 3) / 4, 1, int.MaxValue);
}
