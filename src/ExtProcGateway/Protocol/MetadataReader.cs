using Orleans.Inference.ExtProcGateway.Protocol.Wire;

namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Finds single values in an <c>envoy.config.core.v3.Metadata</c> message, in place.</summary>
internal static class MetadataReader
{
    /// <summary>The bytes of the <c>google.protobuf.Value</c> at a namespace and key; of a repeated entry the last counts. False where there is none, or the message is malformed.</summary>
    public static bool TryFind(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> space, ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        value = default;

        // Metadata.filter_metadata and Struct.fields are both map fields with number 1.
        return !metadata.IsEmpty && TryFindEntry(metadata, space, out var fields) && TryFindEntry(fields, key, out value);
    }

    /// <summary>Whether there is such a namespace.</summary>
    public static bool Has(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> space) => TryFindEntry(metadata, space, out _);

    /// <summary>The string of a <c>Value</c>.</summary>
    public static bool TryReadString(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> text) => TryReadKind(value, 3, out text);

    /// <summary>The <c>ListValue</c> message of a <c>Value</c>; its field 1 repeats the <c>Value</c>s.</summary>
    public static bool TryReadList(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> list) => TryReadKind(value, 6, out list);

    private static bool TryFindEntry(ReadOnlySpan<byte> map, ReadOnlySpan<byte> wanted, out ReadOnlySpan<byte> value)
    {
        value = default;
        var found = false;
        var reader = new ProtoReader(map);
        while (reader.TryReadTag(out var field, out var type))
        {
            if (field != 1 || type != WireType.LengthDelimited)
            {
                reader.TrySkip(type);
            }
            else if (reader.TryReadBytes(out var entry) && TryReadEntry(entry, wanted, out var candidate))
            {
                found = true;
                value = candidate;
            }
        }

        return found && !reader.Malformed;
    }

    private static bool TryReadEntry(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> wanted, out ReadOnlySpan<byte> value)
    {
        value = default;
        ReadOnlySpan<byte> key = default;
        var reader = new ProtoReader(entry);
        while (reader.TryReadTag(out var field, out var type))
        {
            if (field is 1 or 2 && type == WireType.LengthDelimited)
            {
                if (reader.TryReadBytes(out var bytes))
                {
                    if (field == 1)
                    {
                        key = bytes;
                    }
                    else
                    {
                        value = bytes;
                    }
                }
            }
            else
            {
                reader.TrySkip(type);
            }
        }

        return !reader.Malformed && key.SequenceEqual(wanted);
    }

    private static bool TryReadKind(ReadOnlySpan<byte> value, int kind, out ReadOnlySpan<byte> content)
    {
        content = default;
        var found = false;
        var reader = new ProtoReader(value);
        while (reader.TryReadTag(out var field, out var type))
        {
            if (field == kind && type == WireType.LengthDelimited)
            {
                found = reader.TryReadBytes(out content);
            }
            else
            {
                reader.TrySkip(type);
            }
        }

        return found && !reader.Malformed;
    }
}
