using System.Collections.Concurrent;
using System.Text;

namespace Orleans.Inference.ExtProcGateway.Requests;

/// <summary>One string for each model name that requests use, so that reading the name allocates nothing.</summary>
/// <remarks>Safe from any thread. Bounded: names beyond <see cref="Capacity"/> get a string for each request.</remarks>
internal sealed class ModelNames
{
    /// <summary>More names than a pool serves; clients can invent names, so there must be an end.</summary>
    internal const int Capacity = 4096;

    private const int LongestName = 256;

    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The string of these UTF-8 bytes; malformed bytes become U+FFFD.</summary>
    public string Get(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName)
        {
            return Encoding.UTF8.GetString(name);
        }

        Span<char> characters = stackalloc char[LongestName];
        characters = characters[..Encoding.UTF8.GetChars(name, characters)];
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(characters, out var known))
        {
            return known;
        }

        var added = characters.ToString();
        if (_names.Count < Capacity)
        {
            _names.TryAdd(added, added);
        }

        return added;
    }
}
