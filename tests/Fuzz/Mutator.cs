namespace Orleans.Inference.Fuzz;

/// <summary>Makes new inputs of known ones: changed, cut, doubled and spliced.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> words, Random random)
{
    private const int LongestInput = 16 * 1024;
    private const int MostChanges = 8;

    /// <summary>The next input; one in fifty is a seed as it is.</summary>
    public byte[] Next()
    {
        var input = Seed();
        if (random.Next(50) == 0)
        {
            return input;
        }

        // Half of the inputs have one or two changes, so that many still are what the target expects.
        var changes = random.Next(2) == 0 ? random.Next(1, 3) : random.Next(1, MostChanges + 1);
        for (var i = 0; i < changes; i++)
        {
            input = Change(input);
        }

        return input.Length <= LongestInput ? input : input[..LongestInput];
    }

    private byte[] Seed() => corpus[random.Next(corpus.Count)];

    private byte[] Change(byte[] input)
    {
        var (start, end) = Range(input.Length);
        switch (random.Next(9))
        {
            case 0 when input.Length > 0:
                return [.. input[..start], (byte)random.Next(256), .. input[Math.Min(start + 1, input.Length)..]];
            case 1 when input.Length > 0 && start < input.Length:
                return [.. input[..start], (byte)(input[start] ^ (1 << random.Next(8))), .. input[(start + 1)..]];
            case 2:
                return [.. input[..start], .. input[end..]];
            case 3:
                return [.. input[..end], .. input[start..end], .. input[end..]];
            case 4:
                return [.. input[..start], .. Word(), .. input[start..]];
            case 5:
                return [.. input[..start], .. Word(), .. input[end..]];
            case 6:
                return input[..start];
            case 7:
                var other = Seed();
                var (otherStart, otherEnd) = Range(other.Length);
                return [.. input[..start], .. other[otherStart..otherEnd], .. input[end..]];
            default:
                var tail = Seed();
                return [.. input[..start], .. tail[Math.Min(start, tail.Length)..]];
        }
    }

    private byte[] Word() => words.Count == 0 ? [(byte)random.Next(256)] : words[random.Next(words.Count)];

    /// <summary>Short ranges more often than long ones.</summary>
    private (int Start, int End) Range(int length)
    {
        var start = random.Next(length + 1);
        var longest = random.Next(4) == 0 ? length - start : Math.Min(12, length - start);
        return (start, start + random.Next(longest + 1));
    }
}
