using System.Buffers.Binary;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>Reads the events of a batch: MessagePack, each an array that begins with its kind, or, from newer servers, a map with the names of the fields.</summary>
/// <remarks>Fields that are left out at the end of an array have their defaults; those that are not known are skipped. For one batch at a time; its buffers grow to the longest event seen.</remarks>
internal sealed class KvEventReader
{
    private static readonly Field[] OfStored =
        [Field.Kind, Field.Blocks, Field.Parent, Field.Tokens, Field.BlockTokens, Field.LoraId, Field.Other, Field.Lora, Field.ExtraKeys, Field.Group, Field.GroupKind];

    private static readonly Field[] OfRemoved = [Field.Kind, Field.Blocks, Field.Other, Field.Group];

    private ulong[] _blocks = [];
    private uint[] _tokens = [];

    private enum Field
    {
        Other,
        Kind,
        Blocks,
        Parent,
        Tokens,
        BlockTokens,
        LoraId,
        Lora,
        ExtraKeys,
        Group,
        GroupKind,
    }

    /// <summary>Finds the events of a batch: an array of time, events and more, or a map with these names.</summary>
    /// <param name="events">At the first of them.</param>
    /// <returns>How many there are; -1 where it is no batch.</returns>
    public static int Open(ReadOnlySpan<byte> batch, out MsgPackReader events)
    {
        events = new MsgPackReader(batch);
        if (events.Next == MsgPackType.Map)
        {
            for (var fields = events.ReadMap(); fields > 0 && !events.Failed; fields--)
            {
                if (events.ReadText().SequenceEqual("events"u8))
                {
                    return CountOf(ref events);
                }

                events.Skip();
            }

            return -1;
        }

        var count = events.ReadArray();
        events.Skip();
        return count < 2 ? -1 : CountOf(ref events);
    }

    /// <summary>Reads the next event. One that can't be understood is of an unknown kind.</summary>
    /// <param name="events">Goes on behind the event.</param>
    /// <returns>False where what follows can't be read at all.</returns>
    public bool TryRead(ReadOnlySpan<byte> batch, scoped ref MsgPackReader events, out KvEvent read)
    {
        read = default;
        KvEvent next = default;
        var start = events.Consumed;
        events.Skip();
        if (events.Failed)
        {
            return false;
        }

        var bytes = batch[start..events.Consumed];
        var fields = new MsgPackReader(bytes);
        if (fields.Next == MsgPackType.Array)
        {
            var count = fields.ReadArray();
            var order = count > 0 && TypeOf(fields) == KvEventKind.Removed ? OfRemoved : OfStored;
            for (var i = 0; i < count && i < order.Length && !fields.Failed; i++)
            {
                Read(order[i], bytes, ref fields, ref next);
            }
        }
        else
        {
            for (var count = fields.ReadMap(); count > 0 && !fields.Failed; count--)
            {
                Read(FieldOf(fields.ReadText()), bytes, ref fields, ref next);
            }
        }

        if (!fields.Failed)
        {
            read = next;
        }

        return true;
    }

    private static int CountOf(scoped ref MsgPackReader events)
    {
        var count = events.ReadArray();
        return events.Failed ? -1 : count;
    }

    private static KvEventKind TypeOf(MsgPackReader fields) => KindOf(fields.ReadText());

    private static KvEventKind KindOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("BlockStored"u8) ? KvEventKind.Stored
        : name.SequenceEqual("BlockRemoved"u8) ? KvEventKind.Removed
        : name.SequenceEqual("AllBlocksCleared"u8) ? KvEventKind.Cleared
        : KvEventKind.Unknown;

    private static Field FieldOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("type"u8) ? Field.Kind
        : name.SequenceEqual("block_hashes"u8) ? Field.Blocks
        : name.SequenceEqual("parent_block_hash"u8) ? Field.Parent
        : name.SequenceEqual("token_ids"u8) ? Field.Tokens
        : name.SequenceEqual("block_size"u8) ? Field.BlockTokens
        : name.SequenceEqual("lora_id"u8) ? Field.LoraId
        : name.SequenceEqual("lora_name"u8) ? Field.Lora
        : name.SequenceEqual("extra_keys"u8) ? Field.ExtraKeys
        : name.SequenceEqual("group_idx"u8) ? Field.Group
        : name.SequenceEqual("kv_cache_spec_kind"u8) ? Field.GroupKind
        : Field.Other;

    private void Read(Field field, ReadOnlySpan<byte> bytes, scoped ref MsgPackReader fields, scoped ref KvEvent read)
    {
        if (fields.TryReadNil())
        {
            return;
        }

        var start = fields.Consumed;
        switch (field)
        {
            case Field.Kind:
                read.Kind = KindOf(fields.ReadText());
                break;
            case Field.Blocks:
                read.Blocks = ReadBlocks(ref fields);
                break;
            case Field.Parent:
                read.Parent = ReadName(ref fields);
                break;
            case Field.Tokens:
                read.Tokens = ReadTokens(ref fields);
                break;
            case Field.BlockTokens:
                read.BlockTokens = fields.ReadInteger();
                break;
            case Field.LoraId:
                read.IsLora = true;
                fields.Skip();
                break;
            case Field.Lora:
                read.Lora = fields.ReadText();
                break;
            case Field.ExtraKeys:
                fields.Skip();
                read.ExtraKeys = bytes[start..fields.Consumed];
                break;
            case Field.Group:
                read.Group = fields.ReadInteger();
                break;
            case Field.GroupKind:
                read.GroupKind = fields.ReadText();
                break;
            default:
                fields.Skip();
                break;
        }
    }

    private ReadOnlySpan<ulong> ReadBlocks(scoped ref MsgPackReader fields)
    {
        var count = fields.ReadArray();
        Grow(ref _blocks, count);
        for (var i = 0; i < count; i++)
        {
            _blocks[i] = ReadName(ref fields);
        }

        return _blocks.AsSpan(0, count);
    }

    private ReadOnlySpan<uint> ReadTokens(scoped ref MsgPackReader fields)
    {
        var count = fields.ReadArray();
        Grow(ref _tokens, count);
        for (var i = 0; i < count; i++)
        {
            _tokens[i] = (uint)fields.ReadInteger();
        }

        return _tokens.AsSpan(0, count);
    }

    /// <summary>A block's name: a number, or a hash of some bytes, of which the last eight name it well enough.</summary>
    private static ulong ReadName(scoped ref MsgPackReader fields)
    {
        if (fields.Next != MsgPackType.Binary)
        {
            return fields.ReadInteger();
        }

        var hash = fields.ReadBinary();
        Span<byte> last = stackalloc byte[sizeof(ulong)];
        last.Clear();
        hash = hash[Math.Max(0, hash.Length - last.Length)..];
        hash.CopyTo(last[(last.Length - hash.Length)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(last);
    }

    private static void Grow<T>(ref T[] buffer, int count)
    {
        if (buffer.Length < count)
        {
            buffer = new T[Math.Max(count, 2 * buffer.Length)];
        }
    }
}
