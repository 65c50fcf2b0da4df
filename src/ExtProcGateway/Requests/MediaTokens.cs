using Orleans.Inference.Picking.Tokenization;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>How many tokens stand for what is no text. The default takes the reference picker's defaults, without a look at anything.</summary>
/// <param name="estimate">How pictures and videos are counted; null for the defaults.</param>
/// <param name="video">What the request says of its videos.</param>
internal readonly struct MediaTokens(MediaEstimate? estimate, VideoFacts video)
{
    /// <summary>640 × 360 pixels, one token for 1,024 of them.</summary>
    public const int Picture = 640 * 360 / 1024;

    /// <summary>10 seconds, of which two pictures a second are looked at.</summary>
    public const int Video = 10 * 2 * Picture;

    /// <summary>A picture. Its size is read where it makes a difference: see <see cref="PictureSize"/>.</summary>
    /// <param name="content">A string.</param>
    /// <param name="isUrl">It is a URL, which may have the data in it; else the data in base64.</param>
    /// <param name="buffer">For decoding.</param>
    public int OfPicture(in JsonValue content, bool isUrl, Span<byte> buffer) =>
        estimate is null ? Picture
        : estimate.GoesBySize && PictureSize.TryRead(new Base64Text(content, isUrl, buffer), out var width, out var height) ? estimate.Picture(width, height)
        : estimate.Picture();

    /// <summary>A video.</summary>
    public int OfVideo() => estimate?.Video(video) ?? Video;

    /// <summary>A sound of that many characters (of its URL, or of its data in base64 and its format): one token for four, at least one.</summary>
    public static int Sound(long length) => (int)Math.Clamp((length + 3) / 4, 1, int.MaxValue);
}
