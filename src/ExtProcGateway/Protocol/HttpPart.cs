using Orleans.Inference.ExtProcGateway.Protocol.Wire;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>The content of an <c>HttpHeaders</c> or <c>HttpBody</c> message: bytes in field 1 and the end-of-stream mark.</summary>
internal ref struct HttpPart
{
    private const int EndOfStreamOfHeaders = 3;
    private const int EndOfStreamOfBody = 2;
    private const int EndOfStreamWithoutMessage = 3;

    /// <summary>The <c>HeaderMap</c> or the body's bytes.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Nothing follows but, perhaps, a repeated end.</summary>
    public bool EndOfStream { get; private set; }

    /// <summary>Reads an <c>HttpHeaders</c> (or <c>HttpTrailers</c>, which has no end mark).</summary>
    public static bool TryParseHeaders(ReadOnlySpan<byte> bytes, out HttpPart part) => TryParse(bytes, EndOfStreamOfHeaders, EndOfStreamOfHeaders, out part);

    /// <summary>Reads an <c>HttpBody</c>.</summary>
    public static bool TryParseBody(ReadOnlySpan<byte> bytes, out HttpPart part) => TryParse(bytes, EndOfStreamOfBody, EndOfStreamWithoutMessage, out part);

    private static bool TryParse(ReadOnlySpan<byte> bytes, int endField, int otherEndField, out HttpPart part)
    {
        part = default;
        var reader = new ProtoReader(bytes);
        while (reader.TryReadTag(out var field, out var type))
        {
            if (field == 1 && type == WireType.LengthDelimited)
            {
                if (reader.TryReadBytes(out var content))
                {
                    part.Content = content;
                }
            }
            else if ((field == endField || field == otherEndField) && type == WireType.Varint)
            {
                part.EndOfStream |= reader.TryReadVarint(out var value) && value != 0;
            }
            else
            {
                reader.TrySkip(type);
            }
        }

        return !reader.Malformed;
    }
}
