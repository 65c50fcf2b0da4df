using Orleans.Inference.ExtProcGateway.Http2.Hpack;

namespace Orleans.Inference.ExtProcGateway.Grpc;

/// <summary>The header blocks of gRPC answers: literals without indexing, so that they are the same bytes on every connection.</summary>
internal static class GrpcBlocks
{
    /// <summary>The largest block that <see cref="WriteTrailers"/> makes.</summary>
    public const int MaxTrailers = 64 + MaxMessage;

    /// <summary>Longest <c>grpc-message</c>, in bytes after encoding; more is cut off.</summary>
    private const int MaxMessage = 2048;

    private const byte Plain = 0x00;

    /// <summary>Headers of a response: <c>:status 200</c>, <c>content-type application/grpc</c>.</summary>
    public static ReadOnlySpan<byte> Headers => HeadersBytes;

    /// <summary>What HTTP clients that speak no gRPC are told.</summary>
    public static ReadOnlySpan<byte> NotGrpcText => "This port speaks gRPC only.\n"u8;

    /// <summary>Headers of the answer to another method than POST.</summary>
    public static ReadOnlySpan<byte> MethodNotAllowed => [0x08, 0x03, (byte)'4', (byte)'0', (byte)'5'];

    /// <summary>Headers of the answer to another content type than gRPC's.</summary>
    public static ReadOnlySpan<byte> UnsupportedMediaType => [0x08, 0x03, (byte)'4', (byte)'1', (byte)'5'];

    /// <summary>The field <c>grpc-accept-encoding</c>, which goes with the refusal of an encoding.</summary>
    public static ReadOnlySpan<byte> AcceptEncoding => AcceptEncodingBytes;

    private static readonly byte[] HeadersBytes =
    [
        0x88, 0x0f, 0x10, 16, .. "application/grpc"u8,
    ];

    private static readonly byte[] AcceptEncodingBytes =
    [
        Plain, 20, .. "grpc-accept-encoding"u8, 13, .. "identity,gzip"u8,
    ];

    /// <summary>The trailers of a call; returns their length.</summary>
    public static int WriteTrailers(Span<byte> destination, GrpcStatusCode status, string? message)
    {
        ReadOnlySpan<byte> statusName = [Plain, 11, .. "grpc-status"u8];
        statusName.CopyTo(destination);
        var written = statusName.Length;
        var code = (int)status;
        destination[written++] = (byte)(code < 10 ? 1 : 2);
        if (code >= 10)
        {
            destination[written++] = (byte)('0' + code / 10);
        }

        destination[written++] = (byte)('0' + code % 10);
        if (string.IsNullOrEmpty(message))
        {
            return written;
        }

        ReadOnlySpan<byte> messageName = [Plain, 12, .. "grpc-message"u8];
        messageName.CopyTo(destination[written..]);
        written += messageName.Length;
        Span<byte> encoded = stackalloc byte[MaxMessage];
        var length = PercentEncode(message, encoded);
        written += HpackInteger.Write(destination[written..], 0, 7, length);
        encoded[..length].CopyTo(destination[written..]);
        return written + length;
    }

    /// <summary>All but printable ASCII, and the percent sign, as %XX of their UTF-8 bytes.</summary>
    private static int PercentEncode(string message, Span<byte> destination)
    {
        const string Hex = "0123456789ABCDEF";
        var written = 0;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in message.EnumerateRunes())
        {
            var count = rune.EncodeToUtf8(utf8);
            if (written + 3 * count > destination.Length)
            {
                break;
            }

            foreach (var value in utf8[..count])
            {
                if (value is >= 0x20 and <= 0x7e and not (byte)'%')
                {
                    destination[written++] = value;
                }
                else
                {
                    destination[written++] = (byte)'%';
                    destination[written++] = (byte)Hex[value >> 4];
                    destination[written++] = (byte)Hex[value & 0xf];
                }
            }
        }

        return written;
    }
}
