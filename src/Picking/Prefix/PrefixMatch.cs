using System.Numerics;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>How much of one request's prompts, or of its pictures, videos and sounds, each model server holds already, by server number.</summary>
/// <remarks>Filled by <see cref="PrefixIndex.Match(PrefixHashes, PrefixMatch)"/>, or for <see cref="MediaItems"/>, of which each token is a block; used by one decision at a time, so keep one beside each <c>PickScratch</c>. Grows to the largest pool seen, 4 bytes a server.</remarks>
public sealed class PrefixMatch
{
    /// <summary>A match of nothing; never filled.</summary>
    public static readonly PrefixMatch None = new();

    private int[] _blocks = [];
    private int[] _servers = [];
    private ulong[] _words = [];
    private int _found;

    /// <summary>Blocks of all prompts together; 0 where nothing was hashed.</summary>
    public int TotalBlocks { get; private set; }

    /// <summary>Tokens in a block.</summary>
    public int BlockTokens { get; private set; }

    /// <summary>The numbers of the servers that hold at least one block, in no order.</summary>
    public ReadOnlySpan<int> Servers => _servers.AsSpan(0, _found);

    /// <summary>Whether a scorer met a candidate that holds a block: the request is not cold. Set by <see cref="Scorers.NoHitLruScorer"/>.</summary>
    public bool HitSeen { get; internal set; }

    /// <summary>Blocks that the server holds: of each prompt the longest prefix, summed over the prompts.</summary>
    /// <param name="server">A server number; one that the index hasn't seen holds none.</param>
    public int Blocks(int server) => (uint)server < (uint)_blocks.Length ? _blocks[server] : 0;

    /// <summary>Forgets the last match: no block, no server. Costs in proportion to what was found.</summary>
    public void Clear()
    {
        foreach (var server in Servers)
        {
            _blocks[server] = 0;
        }

        _found = 0;
        TotalBlocks = 0;
        BlockTokens = 0;
        HitSeen = false;
    }

    /// <summary>Begins a match of a request.</summary>
    /// <param name="numbers">All server numbers are below this.</param>
    internal void Begin(int totalBlocks, int blockTokens, int numbers)
    {
        Clear();
        TotalBlocks = totalBlocks;
        BlockTokens = blockTokens;
        if (_blocks.Length < numbers)
        {
            var size = (int)BitOperations.RoundUpToPowerOf2((uint)numbers);
            _blocks = new int[size];
            _servers = new int[size];
        }
    }

    /// <summary>Working sets for a match: one after the other, their content left over.</summary>
    internal Span<ulong> Words(int count)
    {
        if (_words.Length < count)
        {
            _words = new ulong[BitOperations.RoundUpToPowerOf2((uint)count)];
        }

        return _words.AsSpan(0, count);
    }

    /// <summary>Adds <paramref name="blocks"/> to every server of a set.</summary>
    internal void Add(ReadOnlySpan<ulong> servers, int blocks)
    {
        for (var word = 0; word < servers.Length; word++)
        {
            for (var rest = servers[word]; rest != 0; rest &= rest - 1)
            {
                var server = (word * 64) + BitOperations.TrailingZeroCount(rest);
                if (_blocks[server] == 0)
                {
                    _servers[_found++] = server;
                }

                _blocks[server] += blocks;
            }
        }
    }
}
