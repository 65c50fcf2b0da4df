using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>Compares keys. The reader's own comparison throws for an escaped key with half of a surrogate pair, and clients choose the keys.</summary>
internal static class JsonKey
{
    /// <summary>A character of a key takes at most six bytes, as <c>\u006d</c>.</summary>
    private const int LongestEscape = 6;

    private const int LongestKey = 32;

    /// <summary>Whether the key that the reader stands on is this one, escaped or not.</summary>
    /// <param name="key">ASCII, at most 32 bytes.</param>
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> key)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueTextEquals(key);
        }

        return reader.HasValueSequence ? IsUnescaped(reader.ValueSequence, key) : Unescaped(reader.ValueSpan, key);
    }

    /// <summary>Whether what is between the quotes of a string is this text.</summary>
    /// <param name="isEscaped">Whether there are escapes in it.</param>
    /// <param name="key">ASCII, at most 32 bytes.</param>
    public static bool Is(in ReadOnlySequence<byte> text, bool isEscaped, ReadOnlySpan<byte> key)
    {
        if (isEscaped)
        {
            return text.IsSingleSegment ? Unescaped(text.FirstSpan, key) : IsUnescaped(text, key);
        }

        if (text.IsSingleSegment)
        {
            return text.FirstSpan.SequenceEqual(key);
        }

        if (text.Length != key.Length)
        {
            return false;
        }

        Span<byte> copy = stackalloc byte[LongestKey];
        text.CopyTo(copy);
        return copy[..key.Length].SequenceEqual(key);
    }

    private static bool IsUnescaped(in ReadOnlySequence<byte> pieces, ReadOnlySpan<byte> key)
    {
        if (pieces.Length > LongestKey * LongestEscape)
        {
            return false;
        }

        Span<byte> copy = stackalloc byte[LongestKey * LongestEscape];
        pieces.CopyTo(copy);
        return Unescaped(copy[..(int)pieces.Length], key);
    }

    private static bool Unescaped(ReadOnlySpan<byte> escaped, ReadOnlySpan<byte> key)
    {
        foreach (var expected in key)
        {
            if (escaped.IsEmpty)
            {
                return false;
            }

            var (character, length) = escaped[0] == (byte)'\\' ? Escape(escaped) : (escaped[0], 1);
            if (character != expected)
            {
                return false;
            }

            escaped = escaped[length..];
        }

        return escaped.IsEmpty;
    }

    /// <summary>What an escape that the reader let pass stands for, and its length.</summary>
    private static (int Character, int Length) Escape(ReadOnlySpan<byte> escape) => escape[1] switch
    {
        (byte)'u' => (Utf8Parser.TryParse(escape.Slice(2, 4), out ushort character, out _, 'x') ? character : -1, LongestEscape),
        (byte)'b' => ('\b', 2),
        (byte)'f' => ('\f', 2),
        (byte)'n' => ('\n', 2),
        (byte)'r' => ('\r', 2),
        (byte)'t' => ('\t', 2),
        var itself => (itself, 2),
    };
}
