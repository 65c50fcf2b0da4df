using System.Text;
using Orleans.Inference.ExtProcGateway.Protocol.Wire;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Repeats received headers as mutations, as the reference pickers do and some gateways' tests expect.</summary>
/// <remarks>
/// Each is set with its one value, so what would change something is left out: system-owned headers, a header that occurs more than once (two
/// <c>set-cookie</c> would become one), one without a value (setting that would remove it), and one whose name is none (strict clients fail on
/// a protobuf string that is no UTF-8, and so on the whole answer). Values are bytes, and may be any.
/// </remarks>
internal static class HeaderEcho
{
    /// <summary>Headers beyond this many are not repeated: gateways take 100 by default.</summary>
    private const int MaxHeaders = 128;

    /// <summary>Larger header maps are not repeated: Envoy takes 60 KiB by default.</summary>
    private const int MaxMap = 64 * 1024;

    /// <summary>Longer names stay as they are; Envoy's come in lower case anyway.</summary>
    private const int LongestLowered = 128;

    /// <summary>Most bytes that a repeated header takes beyond its own: prefixes of the mutation around it.</summary>
    private const int PrefixSize = 16;

    /// <summary>Bytes that <see cref="Write"/> writes at most.</summary>
    public static int MaxSize(ReadOnlySpan<byte> map) => map.Length > MaxMap ? 0 : map.Length + (MaxHeaders * PrefixSize);

    /// <summary>Writes a <c>set_headers</c> for each header to repeat, in the order of the map.</summary>
    /// <param name="lowerCase">Write names in lower case, as requests' are.</param>
    /// <param name="replaced">Headers that the answer sets itself: left out.</param>
    /// <param name="alsoReplaced">More of them.</param>
    /// <param name="edits">Headers that plugins set or take away: left out too.</param>
    public static void Write(ref ReverseProtoWriter writer, ReadOnlySpan<byte> map, bool lowerCase, HeaderRole replaced = HeaderRole.Control, HeaderRole alsoReplaced = HeaderRole.Control, HeaderEdits? edits = null)
    {
        if (map.IsEmpty || map.Length > MaxMap)
        {
            return;
        }

        Span<Entry> entries = stackalloc Entry[MaxHeaders];
        var count = 0;
        var reader = new HeaderMapReader(map);
        while (count < MaxHeaders && reader.TryRead(out var key, out var value))
        {
            entries[count++] = new Entry(map, key, value);
        }

        while (count == MaxHeaders && reader.TryRead(out var key, out var value))
        {
            DropSame(map, entries, new Entry(map, key, value));
        }

        // The writer works from the end.
        for (var i = count - 1; i >= 0; i--)
        {
            var entry = entries[i];
            var key = entry.Key(map);
            var role = HeaderRoles.Of(key);
            if (entry.ValueLength > 0 && IsName(key) && !HeaderRoles.IsSystemOwned(role) && role != replaced && role != alsoReplaced && edits?.Contains(key) != true && !OccursAgain(map, entries[..count], i))
            {
                WriteOne(ref writer, key, entry.Value(map), lowerCase);
            }
        }
    }

    private static void WriteOne(ref ReverseProtoWriter writer, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool lowerCase)
    {
        Span<byte> lower = stackalloc byte[LongestLowered];
        if (lowerCase && key.Length <= lower.Length && key.ContainsAnyInRange((byte)'A', (byte)'Z'))
        {
            Ascii.ToLower(key, lower, out var written);
            ProcessingAnswers.WriteSetHeader(ref writer, lower[..written], value);
        }
        else
        {
            ProcessingAnswers.WriteSetHeader(ref writer, key, value);
        }
    }

    /// <summary>Printable ASCII, at least one character; narrower rules are the gateway's.</summary>
    private static bool IsName(ReadOnlySpan<byte> key) => !key.IsEmpty && !key.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    /// <summary>Takes out the header that occurs once more beyond those that are repeated.</summary>
    private static void DropSame(ReadOnlySpan<byte> map, Span<Entry> entries, in Entry later)
    {
        foreach (ref var entry in entries)
        {
            if (entry.IsSame(map, later))
            {
                entry = default;
            }
        }
    }

    private static bool OccursAgain(ReadOnlySpan<byte> map, ReadOnlySpan<Entry> entries, int index)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            if (i != index && entries[i].IsSame(map, entries[index]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where a header lies in the map, and a mark by which most different names differ.</summary>
    private readonly struct Entry
    {
        private readonly int _keyStart;
        private readonly int _keyLength;
        private readonly int _valueStart;

        public Entry(ReadOnlySpan<byte> map, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            map.Overlaps(key, out _keyStart);
            map.Overlaps(value, out _valueStart);
            _keyLength = key.Length;
            ValueLength = value.Length;
            Signature = key.IsEmpty ? 0 : (key.Length << 16) | ((key[^1] | 0x20) << 8) | (key[key.Length / 2] | 0x20);
        }

        public int ValueLength { get; }

        private int Signature { get; }

        /// <summary>Has the name of the other.</summary>
        public bool IsSame(ReadOnlySpan<byte> map, in Entry other) =>
            Signature == other.Signature && Ascii.EqualsIgnoreCase(Key(map), other.Key(map));

        public ReadOnlySpan<byte> Key(ReadOnlySpan<byte> map) => map.Slice(_keyStart, _keyLength);

        public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> map) => map.Slice(_valueStart, ValueLength);
    }
}
