namespace Orleans.Inference.Picking.Prefix;

/// <summary>Gives model servers the small numbers of <see cref="PoolView.Numbers"/>: the lowest that are free, so that what is kept by number stays compact.</summary>
/// <remarks>
/// Not safe for threads: belongs to whoever changes the membership. A number goes through four hands: <see cref="Join"/>; <see cref="Leave"/> and then <see cref="PrefixIndex.Remove"/>;
/// <see cref="PrefixIndex.TryTakeSwept"/>; <see cref="Free"/>. A server that comes back under its old id gets another number: its cache is empty.
/// </remarks>
public sealed class ServerNumbers
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly PriorityQueue<int, int> _free = new();
    private int _next;

    /// <summary>The number of a server that is here; a new one for a server that is not.</summary>
    /// <exception cref="InvalidOperationException">All numbers below <see cref="PrefixIndex.MaxServers"/> are taken.</exception>
    public int Join(string id)
    {
        if (_numbers.TryGetValue(id, out var number))
        {
            return number;
        }

        if (!_free.TryDequeue(out number, out _))
        {
            number = _next < PrefixIndex.MaxServers ? _next++ : throw new InvalidOperationException($"No number is free for model server {id}: a pool has {PrefixIndex.MaxServers} at most.");
        }

        _numbers.Add(id, number);
        return number;
    }

    /// <summary>Ends a server's claim to its number, which is not free yet; false where the server is not here.</summary>
    public bool Leave(string id, out int number) => _numbers.Remove(id, out number);

    /// <summary>Makes the number of a server that left free for another.</summary>
    public void Free(int number) => _free.Enqueue(number, number);
}
