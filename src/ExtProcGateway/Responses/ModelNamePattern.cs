using System.Buffers;
using System.Text;

namespace Orleans.Inference.ExtProcGateway.Responses;

/// <summary>How the model that served a request is named in its response, and how the client named it.</summary>
/// <remarks>Immutable; safe from any thread. Made once for each request whose model was rewritten: a few small arrays.</remarks>
internal sealed class ModelNamePattern
{
    private readonly byte[] _compact;
    private readonly byte[] _spaced;
    private readonly byte[] _incoming;

    /// <param name="target">The model that the request went to.</param>
    /// <param name="incoming">The model that the client asked for.</param>
    public ModelNamePattern(string target, string incoming)
    {
        var name = Quote(target);
        _compact = [.. Key, .. name];
        _spaced = [.. Key, (byte)' ', .. name];
        _incoming = Quote(incoming);
    }

    /// <summary>The client's name as JSON, which takes the place of the name in a match.</summary>
    public ReadOnlySpan<byte> Incoming => _incoming;

    /// <summary>Bytes of the longer of the two spellings.</summary>
    public int Longest => _spaced.Length;

    private static ReadOnlySpan<byte> Key => "\"model\":"u8;

    /// <summary>True where a response has to be looked at: both names are known and not the same.</summary>
    public static bool IsNeeded(string? target, string? incoming) =>
        !string.IsNullOrEmpty(target) && !string.IsNullOrEmpty(incoming) && !string.Equals(target, incoming, StringComparison.Ordinal);

    /// <summary>Finds the first match, or the last bytes where they may be the beginning of one; <paramref name="bytes"/>'s length where there is neither.</summary>
    /// <param name="bytes">What is searched.</param>
    /// <param name="last">Nothing follows: a beginning is none.</param>
    /// <param name="nameAt">Where the name begins in a match.</param>
    /// <param name="length">The match's length; 0 where it is none.</param>
    public int Find(ReadOnlySpan<byte> bytes, bool last, out int nameAt, out int length)
    {
        var from = 0;
        while (bytes[from..].IndexOf(Key) is >= 0 and var next)
        {
            from += next;
            var rest = bytes[from..];
            length = rest.StartsWith(_compact) ? _compact.Length : rest.StartsWith(_spaced) ? _spaced.Length : 0;
            if (length > 0)
            {
                nameAt = from + length - (_compact.Length - Key.Length);
                return from;
            }

            if (!last && (_compact.AsSpan().StartsWith(rest) || _spaced.AsSpan().StartsWith(rest)))
            {
                nameAt = 0;
                return from;
            }

            from += Key.Length;
        }

        nameAt = length = 0;
        return last ? bytes.Length : FindBeginning(bytes, Math.Max(from, bytes.Length - (Key.Length - 1)));
    }

    /// <summary>Where the last bytes begin a key.</summary>
    private static int FindBeginning(ReadOnlySpan<byte> bytes, int from)
    {
        while (from < bytes.Length && !Key.StartsWith(bytes[from..]))
        {
            from++;
        }

        return from;
    }

    /// <summary>A name as model servers write it: quoted, and no more escaped than JSON asks for.</summary>
    private static byte[] Quote(string name)
    {
        var quoted = new ArrayBufferWriter<byte>(name.Length + 2);
        quoted.Write("\""u8);
        foreach (var unit in Encoding.UTF8.GetBytes(name))
        {
            switch (unit)
            {
                case (byte)'"':
                    quoted.Write("\\\""u8);
                    break;
                case (byte)'\\':
                    quoted.Write("\\\\"u8);
                    break;
                case < 0x20:
                    quoted.Write(Encoding.ASCII.GetBytes($"\\u{unit:x4}"));
                    break;
                default:
                    quoted.Write([unit]);
                    break;
            }
        }

        quoted.Write("\""u8);
        return quoted.WrittenSpan.ToArray();
    }
}
