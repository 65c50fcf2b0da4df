using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

/// <summary>The beginnings of picture files, written out by their formats.</summary>
internal static class Pictures
{
    /// <summary>Signature, then IHDR: 13 bytes of it, width and height first.</summary>
    public static byte[] Png(int width, int height) =>
        [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, .. Big(width, 4), .. Big(height, 4), 8, 2, 0, 0, 0, 1, 2, 3, 4];

    /// <summary>Signature, width, height, flags.</summary>
    public static byte[] Gif(int width, int height) => [.. "GIF89a"u8, .. Little(width, 2), .. Little(height, 2), 0xf7, 0, 0];

    /// <summary>The start, JFIF, segments of these lengths, tables (DHT, whose number is one below the frame's), then the frame's header.</summary>
    public static byte[] Jpeg(int width, int height, byte frame = 0xc0, params int[] segments) =>
    [
        0xff, 0xd8, .. Segment(0xe0, 14), .. segments.SelectMany(length => Segment(0xe1, length)), .. Segment(0xc4, 20),
        0xff, frame, 0, 11, 8, .. Big(height, 2), .. Big(width, 2), 1, 1, 0x11, 0,
    ];

    /// <summary>With losses: a frame's tag, a start code, then 14 bits each, with the scale above.</summary>
    public static byte[] WebPLossy(int width, int height) => WebP("VP8 "u8, [0x10, 0x20, 0, 0x9d, 0x01, 0x2a, .. Little(width | 0x4000, 2), .. Little(height | 0x8000, 2)]);

    /// <summary>Without: a signature, then 14 bits each of one less.</summary>
    public static byte[] WebPLossless(int width, int height) => WebP("VP8L"u8, [0x2f, .. Little((width - 1) | ((height - 1) << 14), 4), 0, 0, 0, 0, 0]);

    /// <summary>With a header of its own: flags, then 24 bits each of one less.</summary>
    public static byte[] WebPExtended(int width, int height) => WebP("VP8X"u8, [0x10, 0, 0, 0, .. Little(width - 1, 3), .. Little(height - 1, 3)]);

    public static string DataUrl(byte[] picture, string kind = "png") => $"data:image/{kind};base64,{Convert.ToBase64String(picture)}";

    private static byte[] WebP(ReadOnlySpan<byte> chunk, byte[] content) => [.. "RIFF"u8, 100, 0, 0, 0, .. "WEBP"u8, .. chunk, 10, 0, 0, 0, .. content];

    private static byte[] Segment(byte kind, int content) => [0xff, kind, .. Big(content + 2, 2), .. new byte[content]];

    private static byte[] Big(int value, int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes[^length..];
    }

    private static byte[] Little(int value, int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes[..length];
    }
}
