using System.Text;

namespace Orleans.Inference.Picking;

/// <summary>Finds model servers by address.</summary>
/// <remarks>Immutable, safe from any thread; a lookup allocates nothing.</remarks>
public sealed class AddressIndex
{
    private const int LongestAddress = 64;

    private readonly Dictionary<string, int[]> _byAddress = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    internal AddressIndex(ReadOnlySpan<ModelServer> servers)
    {
        for (var i = 0; i < servers.Length; i++)
        {
            var address = servers[i].Address;
            Add(address, i);
            Add(WithoutBrackets(address.AsSpan(0, PortStart(address))).ToString(), i);
        }

        _lookup = _byAddress.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>
    /// Indexes into the view of the servers at an address: <c>ip:port</c> names the one there, <c>ip</c> all ports of a pod; an IPv6 address with a port has brackets.
    /// </summary>
    /// <param name="address">UTF-8; spaces around it do not count.</param>
    public ReadOnlySpan<int> Find(ReadOnlySpan<byte> address)
    {
        address = address.Trim((byte)' ');
        if (address.Length is 0 or > LongestAddress)
        {
            return [];
        }

        Span<char> text = stackalloc char[LongestAddress];
        ReadOnlySpan<char> wanted = text[..Encoding.UTF8.GetChars(address, text)];
        if (PortStart(wanted) == wanted.Length)
        {
            wanted = WithoutBrackets(wanted);
        }

        return _lookup.TryGetValue(wanted, out var servers) ? servers : [];
    }

    /// <summary>Where <c>:port</c> starts; the length where there is none, as in <c>::1</c>, which has colons and no port.</summary>
    private static int PortStart(ReadOnlySpan<char> address)
    {
        var colon = address.LastIndexOf(':');
        return colon > 0 && (address[colon - 1] == ']' || address[..colon].IndexOf(':') < 0) ? colon : address.Length;
    }

    private static ReadOnlySpan<char> WithoutBrackets(ReadOnlySpan<char> ip) => ip is ['[', .. var inner, ']'] ? inner : ip;

    private void Add(string address, int server) =>
        _byAddress[address] = _byAddress.TryGetValue(address, out var others) ? [.. others, server] : [server];
}
