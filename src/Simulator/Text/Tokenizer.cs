namespace Orleans.Inference.Simulator.Text;

/// <summary>Cuts text into tokens of about the size that real tokenizers make of English, and numbers them by their content.</summary>
/// <remarks>
/// A token is up to <see cref="LongestWordPart"/> characters of one word, with the space before it; every other white space is a token of its own.
/// So a text that goes on where another ends has that other's tokens as its prefix, if it goes on with white space: an answer that comes
/// back in the next turn of a conversation is found in the prefix cache.
/// </remarks>
public static class Tokenizer
{
    /// <summary>Characters of a word in one token, without the space before it.</summary>
    public const int LongestWordPart = 6;

    /// <summary>Appends the tokens of <paramref name="text"/>.</summary>
    public static void Encode(ReadOnlySpan<char> text, List<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var start = 0;
        while (start < text.Length)
        {
            var end = start + 1;
            if (!char.IsWhiteSpace(text[start]))
            {
                end = EndOfPart(text, start);
            }
            else if (text[start] == ' ' && end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end = EndOfPart(text, end);
            }

            tokens.Add(Number(text[start..end]));
            start = end;
        }
    }

    /// <summary>The number of one token.</summary>
    public static int Number(ReadOnlySpan<char> token)
    {
        // FNV-1a: the same in every process.
        var hash = 2166136261u;
        foreach (var c in token)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)(hash & int.MaxValue);
    }

    private static int EndOfPart(ReadOnlySpan<char> text, int from)
    {
        var end = from;
        while (end < text.Length && end - from < LongestWordPart && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end;
    }
}
