using System.Text;

namespace Orleans.Inference.ExtProcGateway.Http2;

/// <summary>Strings of one connection's header values that recur: the same bytes give the same instance.</summary>
/// <remarks>Not thread-safe. Holds the last few values of at most <see cref="MaxLength"/> bytes each.</remarks>
internal sealed class Utf8StringCache
{
    private const int Entries = 8;
    private const int MaxLength = 256;

    private readonly (byte[] Bytes, string Text)[] _entries = new (byte[], string)[Entries];
    private int _count;
    private int _oldest;

    /// <summary>The string of <paramref name="bytes"/>; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Get(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "";
        }

        for (var i = 0; i < _count; i++)
        {
            if (bytes.SequenceEqual(_entries[i].Bytes))
            {
                return _entries[i].Text;
            }
        }

        var text = Encoding.UTF8.GetString(bytes);
        if (bytes.Length <= MaxLength)
        {
            _entries[_oldest] = (bytes.ToArray(), text);
            _oldest = (_oldest + 1) % Entries;
            _count = Math.Max(_count, _oldest == 0 ? Entries : _oldest);
        }

        return text;
    }
}
