using System.Numerics;
using Orleans.Inference.ExtProcGateway.Protocol;
using Orleans.Inference.ExtProcGateway.Protocol.Wire;
using Orleans.Inference.Picking;

namespace Orleans.Inference.ExtProcGateway.Decisions;

/// <summary>The servers that the gateway lets a request go to, as it says so in the request's metadata (endpoint-picker protocol, «subset»).</summary>
internal static class SubsetHint
{
    /// <summary>Marks in <paramref name="allowed"/> the servers of a subset.</summary>
    /// <param name="value">The metadata's <c>google.protobuf.Value</c>: a list of strings, or one string with commas; each <c>ip:port</c> or <c>ip</c>.</param>
    /// <param name="allowed">One bit for each server of the view, all clear.</param>
    /// <returns>False where the value is neither, and so restricts nothing.</returns>
    public static bool TryRead(ReadOnlySpan<byte> value, PoolView view, Span<ulong> allowed)
    {
        if (MetadataReader.TryReadList(value, out var list))
        {
            var reader = new ProtoReader(list);
            while (reader.TryReadTag(out var field, out var type))
            {
                if (field != 1 || type != WireType.LengthDelimited)
                {
                    reader.TrySkip(type);
                }
                else if (reader.TryReadBytes(out var item) && MetadataReader.TryReadString(item, out var address))
                {
                    Mark(view, address, allowed);
                }
            }

            return true;
        }

        if (!MetadataReader.TryReadString(value, out var text))
        {
            return false;
        }

        foreach (var range in text.Split((byte)','))
        {
            Mark(view, text[range], allowed);
        }

        return true;
    }

    /// <summary>Writes the numbers of the bits that are set; returns how many.</summary>
    public static int ToIndexes(ReadOnlySpan<ulong> allowed, Span<int> indexes)
    {
        var count = 0;
        for (var word = 0; word < allowed.Length; word++)
        {
            for (var bits = allowed[word]; bits != 0; bits &= bits - 1)
            {
                indexes[count++] = (word * 64) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return count;
    }

    private static void Mark(PoolView view, ReadOnlySpan<byte> address, Span<ulong> allowed)
    {
        foreach (var server in view.ByAddress.Find(address))
        {
            allowed[server / 64] |= 1UL << (server % 64);
        }
    }
}
