namespace Orleans.Inference.Picking.Prefix;

/// <summary>Which model servers of a pool hold which blocks of prompts, as the servers' own events tell.</summary>
/// <remarks>
/// Blocks are named by the chain over the token ids that requests are hashed by, too (<see cref="PrefixHashRule.WholeBlocks"/>), in blocks of the servers' own size. Safe from any thread; what one
/// server tells goes through its <see cref="ServerBlocks"/>.
/// </remarks>
public sealed class EngineBlockIndex
{
    private string _model = "";
    private int _blockTokens;

    /// <summary>Most blocks of a prompt that are matched: a million tokens in blocks of 16.</summary>
    public const int MostMatched = 64 * 1024;

    /// <summary>The blocks, by server number.</summary>
    public PrefixIndex Index { get; } = new(hasGaps: true);

    /// <summary>Tokens in a block of the server that told of one last; 0 before the first. While servers of different sizes are in a pool, requests find now these, now those.</summary>
    public int BlockTokens
    {
        get => Volatile.Read(ref _blockTokens);
        set => Volatile.Write(ref _blockTokens, value);
    }

    /// <summary>The model of the events, for requests that name none; empty before the first.</summary>
    public string Model
    {
        get => Volatile.Read(ref _model);
        set => Volatile.Write(ref _model, value);
    }

    /// <summary>What a server tells from now on; null while the blocks of a server that had the number are being cleared away.</summary>
    /// <param name="server">The server's number.</param>
    /// <param name="capacity">Most blocks of the server that are kept.</param>
    public ServerBlocks? Join(int server, int capacity = ServerBlocks.UsualCapacity) => Index.Join(server, capacity) is { } history ? new ServerBlocks(Index, history) : null;
}
