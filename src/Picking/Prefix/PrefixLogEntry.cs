namespace Orleans.Inference.Picking.Prefix;

/// <summary>One line of a pool's prefix log: a prompt went to a model server, which holds its blocks from now on.</summary>
/// <param name="Sequence">Position in the log; grows, not necessarily by one.</param>
/// <param name="Server">The model server's number: the same on all replicas that share the log.</param>
/// <param name="Capacity">Blocks to remember of this server (<see cref="PrefixCacheOptions.Capacity"/>); the first entry of a server decides.</param>
/// <param name="Hashes">The chain of the prompt from its first block on.</param>
/// <remarks>
/// An index is a function of the entries applied to it in the order of their sequence, so replicas that apply the same log hold the same index. Lost entries only make it forget. The
/// memory of <paramref name="Hashes"/> is the caller's; an index copies what it keeps.
/// </remarks>
public readonly record struct PrefixLogEntry(long Sequence, int Server, int Capacity, ReadOnlyMemory<ulong> Hashes);
