using System.Text;

namespace Orleans.Inference.Bench.Load.Client;

/// <summary>Request bodies: a prompt of which a part is shared by all requests of a group.</summary>
internal sealed class Workload
{
    private const int CharactersPerToken = 4;

    private readonly byte[][] _prefixes;
    private readonly byte[] _words;
    private readonly int _own;

    public Workload(int tokens, double shared, int groups, int seed)
    {
        var random = new Random(seed);
        var characters = tokens * CharactersPerToken;
        _own = (int)(characters * (1 - shared));
        _words = Text(random, 1 << 20);
        _prefixes = [.. Enumerable.Range(0, groups).Select(_ => Text(random, characters - _own))];
    }

    /// <summary>Longest body that <see cref="Write"/> writes.</summary>
    public int LargestBody => Start.Length + _prefixes[0].Length + _own + End.Length;

    private static ReadOnlySpan<byte> Start => "{\"model\":\"base-model\",\"prompt\":\""u8;

    private static ReadOnlySpan<byte> End => "\",\"max_tokens\":50,\"temperature\":0.7}"u8;

    /// <summary>Writes one body and returns its length.</summary>
    public int Write(Random random, Span<byte> body)
    {
        var at = 0;
        Put(body, ref at, Start);
        Put(body, ref at, _prefixes[random.Next(_prefixes.Length)]);
        for (var left = _own; left > 0;)
        {
            var piece = Math.Min(left, _words.Length / 2);
            Put(body, ref at, _words.AsSpan(random.Next(_words.Length / 2), piece));
            left -= piece;
        }

        Put(body, ref at, End);
        return at;
    }

    private static void Put(Span<byte> body, ref int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(body[at..]);
        at += bytes.Length;
    }

    private static byte[] Text(Random random, int length)
    {
        var text = new StringBuilder(length);
        for (var i = 0; i < length; i++)
        {
            text.Append(i % 6 == 5 ? ' ' : (char)('a' + random.Next(26)));
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
