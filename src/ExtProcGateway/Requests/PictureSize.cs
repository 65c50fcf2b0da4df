using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Reads a picture's width and height from the header of its data: PNG, JPEG, GIF and WebP.</summary>
/// <remarks>Some 30 bytes are looked at; of a JPEG, whose size comes behind whatever else it says of itself, nine of each segment before it, of which there may be <see cref="MostSegments"/>.</remarks>
internal static class PictureSize
{
    /// <summary>Segments of a JPEG up to that with its size: cameras and editors write about ten, and one for each 64 KB of a colour profile.</summary>
    public const int MostSegments = 64;

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    private static ReadOnlySpan<byte> JpegSignature => [0xff, 0xd8, 0xff];

    private static ReadOnlySpan<byte> StartOfVp8 => [0x9d, 0x01, 0x2a];

    /// <summary>False where the data is of another kind, broken or too short.</summary>
    /// <param name="width">Pixels, 1 at least.</param>
    /// <param name="height">Pixels, 1 at least.</param>
    public static bool TryRead(in Base64Text data, out int width, out int height)
    {
        Span<byte> signature = stackalloc byte[12];
        (width, height) = !data.TryRead(0, signature) ? default
            : signature.StartsWith(PngSignature) ? OfPng(data)
            : signature.StartsWith(JpegSignature) ? OfJpeg(data)
            : signature.StartsWith("GIF87a"u8) || signature.StartsWith("GIF89a"u8) ? (BinaryPrimitives.ReadUInt16LittleEndian(signature[6..]), BinaryPrimitives.ReadUInt16LittleEndian(signature[8..]))
            : signature.StartsWith("RIFF"u8) && signature[8..].SequenceEqual("WEBP"u8) ? OfWebP(data)
            : default;
        return width > 0 && height > 0;
    }

    /// <summary>The first chunk, IHDR, begins with width and height.</summary>
    private static (int Width, int Height) OfPng(in Base64Text data)
    {
        Span<byte> chunk = stackalloc byte[12];
        return data.TryRead(12, chunk) && chunk.StartsWith("IHDR"u8) ? (BinaryPrimitives.ReadInt32BigEndian(chunk[4..]), BinaryPrimitives.ReadInt32BigEndian(chunk[8..])) : default;
    }

    /// <summary>The size is in the frame's header (SOF), a segment behind those of metadata and tables.</summary>
    private static (int Width, int Height) OfJpeg(in Base64Text data)
    {
        // A segment: 0xff, its kind, two bytes of length, which count themselves; in the frame's header follow a byte of precision, height and width.
        Span<byte> segment = stackalloc byte[9];
        var at = 2L;
        for (var i = 0; i < MostSegments && data.TryRead(at, segment) && segment[0] == 0xff; i++)
        {
            switch (segment[1])
            {
                case 0xc4 or 0xc8 or 0xcc: // tables and an extension, which have numbers among the frame's headers
                    break;
                case >= 0xc0 and <= 0xcf:
                    return (BinaryPrimitives.ReadUInt16BigEndian(segment[7..]), BinaryPrimitives.ReadUInt16BigEndian(segment[5..]));
                case 0xff: // a byte to fill
                    at++;
                    continue;
                case 0xda or 0xd9: // pixels, and the end
                    return default;
                default:
                    break;
            }

            at += 2 + Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(segment[2..]));
        }

        return default;
    }

    /// <summary>The first chunk is the picture, with losses or without, or a header of its own.</summary>
    private static (int Width, int Height) OfWebP(in Base64Text data)
    {
        Span<byte> chunk = stackalloc byte[18];
        if (!data.TryRead(12, chunk))
        {
            return default;
        }

        var content = chunk[8..];
        if (chunk.StartsWith("VP8X"u8))
        {
            return (1 + ReadThreeBytes(content[4..]), 1 + ReadThreeBytes(content[7..]));
        }

        if (chunk.StartsWith("VP8L"u8) && content[0] == 0x2f)
        {
            var sizes = BinaryPrimitives.ReadUInt32LittleEndian(content[1..]);
            return (1 + (int)(sizes & 0x3fff), 1 + (int)((sizes >> 14) & 0x3fff));
        }

        // The two highest bits of each say how it is to be scaled.
        return chunk.StartsWith("VP8 "u8) && content[3..6].SequenceEqual(StartOfVp8)
            ? (BinaryPrimitives.ReadUInt16LittleEndian(content[6..]) & 0x3fff, BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) & 0x3fff)
            : default;
    }

    private static int ReadThreeBytes(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
