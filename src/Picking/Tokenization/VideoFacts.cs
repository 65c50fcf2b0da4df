using System.Buffers.Text;
using Orleans.Inference.Picking.Latency;

namespace Orleans.Inference.Picking.Tokenization;

/// <summary>What a request's headers say of its videos, of all of them alike; 0 where they don't.</summary>
/// <param name="Width">Pixels (<c>x-llm-d-video-resolution</c>).</param>
/// <param name="Height">Pixels, of the same header; known where the width is.</param>
/// <param name="Duration">Seconds (<c>x-llm-d-video-duration-seconds</c>).</param>
/// <param name="FramesPerSecond">What the video has (<c>x-llm-d-video-fps</c>).</param>
public readonly record struct VideoFacts(int Width, int Height, double Duration, double FramesPerSecond)
{
    /// <summary>Reads a size such as <c>1280x720</c>; 0 and 0 for what is none.</summary>
    public static (int Width, int Height) ParseResolution(ReadOnlySpan<byte> value)
    {
        var times = value.IndexOfAny((byte)'x', (byte)'X');
        return times > 0 && ParseLength(value[..times]) is var width and > 0 && ParseLength(value[(times + 1)..]) is var height and > 0 ? (width, height) : default;
    }

    /// <summary>Reads a number of seconds, or of frames; 0 for what is no number above 0.</summary>
    public static double ParseNumber(ReadOnlySpan<byte> value) => LatencyObjectives.Parse(value) ?? 0;

    private static int ParseLength(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t"u8);
        return Utf8Parser.TryParse(value, out int length, out var read) && read == value.Length && length > 0 ? length : 0;
    }
}
