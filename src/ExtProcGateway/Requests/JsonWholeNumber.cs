using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Reads counts and token ids as the reference pickers do: any spelling of a whole number that is not negative (<c>5</c>, <c>5.0</c>, <c>5e0</c>).</summary>
internal static class JsonWholeNumber
{
    /// <summary>Longer spellings are copied to the heap when they straddle pieces of the body.</summary>
    private const int UsualDigits = 64;

    /// <summary>From here a double stands for more than one whole number and no longer fits a <see cref="long"/>.</summary>
    private const double Limit = 1L << 62;

    /// <summary>Reads the number that the reader stands on; false for a fraction, a negative one and one beyond 2^62.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out long value)
    {
        // The reader's own number methods copy a value that straddles pieces to the heap.
        return reader.HasValueSequence ? TryParse(reader.ValueSequence, out value) : TryParse(reader.ValueSpan, out value);
    }

    /// <summary>Reads a number as it is written.</summary>
    public static bool TryParse(in ReadOnlySequence<byte> digits, out long value)
    {
        if (digits.IsSingleSegment)
        {
            return TryParse(digits.FirstSpan, out value);
        }

        if (digits.Length > UsualDigits)
        {
            return TryParse(digits.ToArray(), out value);
        }

        Span<byte> copy = stackalloc byte[UsualDigits];
        digits.CopyTo(copy);
        return TryParse(copy[..(int)digits.Length], out value);
    }

    private static bool TryParse(ReadOnlySpan<byte> digits, out long value)
    {
        if (Utf8Parser.TryParse(digits, out value, out var read) && read == digits.Length)
        {
            return value is >= 0 and < (long)Limit;
        }

        if (Utf8Parser.TryParse(digits, out double number, out read) && read == digits.Length && number is >= 0 and < Limit && number == Math.Truncate(number))
        {
            value = (long)number;
            return true;
        }

        return false;
    }
}
