using Orleans.Inference.Picking.Prefix;

namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>Brings what one server's events tell into the pool's index.</summary>
/// <remarks>
/// A block is named by the chain of its tokens, which begins with the model (the adapter's name for those of an adapter) and the cache salt, as a request's chain does. The server's own hash of the
/// block before says where a chain goes on. For one thread at a time.
/// </remarks>
internal sealed class KvEventApplier(EngineBlockIndex index, ServerBlocks blocks)
{
    private const int MostBlockTokens = 1 << 16;
    private const int MostGroups = 64;

    private readonly KvEventReader _reader = new();
    private readonly PrefixHashes _chain = new();

    /// <summary>Groups whose blocks are those of a prefix, by bit; and those of which that is not so.</summary>
    private ulong _prefixGroups;

    /// <summary>Blocks that there was no room for.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Applies the events of a batch in their order.</summary>
    /// <param name="model">The model that the server publishes for.</param>
    /// <returns>False where the batch, or its rest, can't be read.</returns>
    public bool Apply(ReadOnlySpan<byte> model, ReadOnlySpan<byte> batch)
    {
        var count = KvEventReader.Open(batch, out var events);
        for (var i = 0; i < count; i++)
        {
            if (!_reader.TryRead(batch, ref events, out var read))
            {
                return false;
            }

            Apply(model, read);
        }

        return count >= 0;
    }

    /// <summary>The server's state is not known any more.</summary>
    public void Clear()
    {
        blocks.Clear();
        IsFull = false;
    }

    private void Apply(ReadOnlySpan<byte> model, in KvEvent read)
    {
        switch (read.Kind)
        {
            case KvEventKind.Cleared:
                Clear();
                break;
            case KvEventKind.Removed when IsOfPrefix(read):
                foreach (var name in read.Blocks)
                {
                    blocks.Drop(name);
                }

                break;
            case KvEventKind.Stored when IsOfPrefix(read):
                Store(model, read);
                break;
        }
    }

    /// <summary>
    /// Blocks of full attention hold a prefix. Those of a window or a state don't: they say nothing of what is before. Such groups are told apart by what is said when they store.
    /// </summary>
    private bool IsOfPrefix(in KvEvent read)
    {
        if (read.Group is not { } group)
        {
            return true;
        }

        if (group >= MostGroups)
        {
            return false;
        }

        var bit = 1UL << (int)group;
        if (!read.GroupKind.IsEmpty)
        {
            var isFull = read.GroupKind.SequenceEqual("full_attention"u8) || read.GroupKind.SequenceEqual("mla_attention"u8) || read.GroupKind.SequenceEqual("sink_full_attention"u8);
            _prefixGroups = isFull ? _prefixGroups | bit : _prefixGroups & ~bit;
        }

        return (_prefixGroups & bit) != 0;
    }

    private void Store(ReadOnlySpan<byte> model, in KvEvent read)
    {
        if (read.Tokens.IsEmpty)
        {
            // Known blocks came to another tier of the cache.
            foreach (var name in read.Blocks)
            {
                blocks.HoldCopy(name);
            }

            return;
        }

        var tokens = (int)Math.Min(read.BlockTokens, MostBlockTokens);
        var isUnknownLora = read.IsLora && read.Lora.IsEmpty;
        if (tokens < 1 || (long)tokens * read.Blocks.Length != read.Tokens.Length || isUnknownLora)
        {
            return;
        }

        var extras = new KvExtraKeys(read.ExtraKeys, read.Lora);
        var first = extras.Next(out var salt);
        ulong before;
        if (read.Parent is not { } parent)
        {
            // What sets the first block of a text apart is its salt.
            before = PrefixHasher.Seed(read.Lora.IsEmpty ? model : read.Lora, salt);
            first = salt.IsEmpty ? first : 0;
        }
        else if (!blocks.TryFind(parent, out before))
        {
            return;
        }

        index.BlockTokens = tokens;
        if (read.ExtraKeys.IsEmpty)
        {
            Hold(read.Blocks, read.Tokens, before, tokens);
            return;
        }

        for (var i = 0; i < read.Blocks.Length; i++)
        {
            before = Hold(read.Blocks.Slice(i, 1), read.Tokens.Slice(i * tokens, tokens), before ^ (i == 0 ? first : extras.Next(out _)), tokens);
        }
    }

    private ulong Hold(ReadOnlySpan<ulong> names, ReadOnlySpan<uint> tokens, ulong before, int blockTokens)
    {
        var hasher = new PrefixHasher(_chain, PrefixHashRule.WholeBlocks, before, blockTokens, names.Length);
        hasher.Append(tokens);
        hasher.EndPrompt();
        var chain = _chain.Chain(0);
        IsFull |= !blocks.Hold(names, chain);
        return chain[^1];
    }
}
