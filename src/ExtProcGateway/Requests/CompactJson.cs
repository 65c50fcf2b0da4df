using System.Buffers;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Finds in valid JSON what is left of it without the blanks between its parts, piece by piece and in place.</summary>
/// <remarks>A mutable struct: it keeps whether a string, or an escape in it, goes over the end of a piece.</remarks>
internal struct CompactJson
{
    private static readonly SearchValues<byte> QuoteOrBlank = SearchValues.Create("\" \t\r\n"u8);
    private static readonly SearchValues<byte> QuoteOrEscape = SearchValues.Create("\"\\"u8);

    private bool _inString;
    private bool _escaped;

    /// <summary>The next part without blanks.</summary>
    /// <param name="json">What is left of the piece; moved on.</param>
    /// <returns>False where nothing is left of it.</returns>
    public bool TryNext(ref ReadOnlySpan<byte> json, out ReadOnlySpan<byte> part)
    {
        if (!_inString)
        {
            json = json.TrimStart(" \t\r\n"u8);
        }

        var length = 0;
        while (length < json.Length)
        {
            if (_escaped)
            {
                _escaped = false;
                length++;
                continue;
            }

            var next = json[length..].IndexOfAny(_inString ? QuoteOrEscape : QuoteOrBlank);
            if (next < 0)
            {
                length = json.Length;
                break;
            }

            length += next;
            var found = json[length];
            if (found == '"')
            {
                _inString = !_inString;
            }
            else if (found == '\\')
            {
                _escaped = true;
            }
            else
            {
                break; // a blank outside of strings ends the part
            }

            length++;
        }

        part = json[..length];
        json = json[length..];
        return length > 0;
    }
}
