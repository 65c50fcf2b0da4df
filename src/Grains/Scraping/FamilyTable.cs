using System.Buffers.Binary;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Finds the wanted families among the lines of a page.</summary>
/// <remarks>
/// Nearly every line of a page is unwanted but shares its engine's prefix with the wanted ones, so lines are told apart by the eight bytes behind the
/// longest prefix that all wanted names have in common.
/// </remarks>
internal sealed class FamilyTable
{
    private readonly MetricFamily[] _families;
    private readonly ulong[] _keys;
    private readonly int _keyOffset;

    public FamilyTable(ReadOnlySpan<FieldSpec> specs)
    {
        var families = new List<(byte[] Name, List<int> Specs)>();
        for (var i = 0; i < specs.Length; i++)
        {
            var name = specs[i].Metric.NameUtf8;
            var known = families.FindIndex(family => family.Name.AsSpan().SequenceEqual(name));
            if (known < 0)
            {
                families.Add((name, [i]));
            }
            else
            {
                families[known].Specs.Add(i);
            }
        }

        _families = [.. families.Select(family => new MetricFamily(family.Name, [.. family.Specs]))];
        LongestName = families.Count == 0 ? 0 : families.Max(family => family.Name.Length);
        var shortest = families.Count == 0 ? 0 : families.Min(family => family.Name.Length);
        _keyOffset = Math.Min(CommonPrefix(_families), shortest - sizeof(ulong));
        _keys = _keyOffset < 0 ? [] : [.. _families.Select(family => BinaryPrimitives.ReadUInt64LittleEndian(family.Name.AsSpan(_keyOffset)))];
    }

    public ReadOnlySpan<MetricFamily> Families => _families;

    public int LongestName { get; }

    /// <summary>The family whose series the line is, or null for any other line.</summary>
    /// <param name="line">A line, or the beginning of one that is longer than <see cref="LongestName"/>.</param>
    public MetricFamily? Find(ReadOnlySpan<byte> line)
    {
        if (_keyOffset < 0)
        {
            return FindByName(line, 0);
        }

        if (line.Length < _keyOffset + sizeof(ulong))
        {
            return null;
        }

        var key = BinaryPrimitives.ReadUInt64LittleEndian(line[_keyOffset..]);
        var candidate = _keys.AsSpan().IndexOf(key);
        return candidate < 0 ? null : FindByName(line, candidate);
    }

    private MetricFamily? FindByName(ReadOnlySpan<byte> line, int from)
    {
        foreach (var family in _families.AsSpan(from))
        {
            var length = family.Name.Length;
            if (line.Length > length && line[length] is (byte)'{' or (byte)' ' or (byte)'\t' && line.StartsWith(family.Name))
            {
                return family;
            }
        }

        return null;
    }

    private static int CommonPrefix(MetricFamily[] families)
    {
        if (families.Length == 0)
        {
            return 0;
        }

        var prefix = families[0].Name.AsSpan();
        foreach (var family in families)
        {
            prefix = prefix[..prefix.CommonPrefixLength(family.Name)];
        }

        return prefix.Length;
    }
}
