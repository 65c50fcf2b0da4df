namespace Orleans.Inference.Picking.Prefix;

/// <summary>The servers that were used last, oldest first, by number; beyond its size the oldest are forgotten.</summary>
/// <remarks>Safe from any thread; both operations hold a lock, <see cref="Use"/> for a few steps, <see cref="CopyTo"/> for one step a server.</remarks>
/// <param name="size">Most servers, at least 1.</param>
public sealed class ServerUseOrder(int size)
{
    private const int None = -1;

    private readonly Lock _lock = new();
    private (int Older, int Newer)[] _links = [];
    private int _oldest = None;
    private int _newest = None;
    private int _count;

    /// <summary>Most servers remembered.</summary>
    public int Size { get; } = Math.Max(1, size);

    /// <summary>Servers remembered by now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Makes a server the newest.</summary>
    public void Use(int server)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)server, (uint)PrefixIndex.MaxServers, nameof(server));
        lock (_lock)
        {
            if (server >= _links.Length)
            {
                Grow_NeedsLock(server + 1);
            }

            if (_newest == server)
            {
                return;
            }

            if (_oldest == server || _links[server].Older != None)
            {
                Unlink_NeedsLock(server);
            }

            _links[server] = (_newest, None);
            if (_newest != None)
            {
                _links[_newest].Newer = server;
            }
            else
            {
                _oldest = server;
            }

            _newest = server;
            if (++_count > Size)
            {
                Unlink_NeedsLock(_oldest);
            }
        }
    }

    /// <summary>Writes the servers, oldest first, and returns how many they are.</summary>
    /// <param name="servers">At least <see cref="Size"/> long.</param>
    public int CopyTo(Span<int> servers)
    {
        lock (_lock)
        {
            var at = 0;
            for (var server = _oldest; server != None; server = _links[server].Newer)
            {
                servers[at++] = server;
            }

            return at;
        }
    }

    /// <summary>The order of <paramref name="other"/>: the same object where it has the same size, else a copy of as much as there is room for.</summary>
    /// <param name="size">Most servers of the result.</param>
    public static ServerUseOrder Of(ServerUseOrder other, int size)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Size == size)
        {
            return other;
        }

        var servers = new int[other.Size];
        var order = new ServerUseOrder(size);
        foreach (var server in servers.AsSpan(0, other.CopyTo(servers)))
        {
            order.Use(server);
        }

        return order;
    }

    private void Grow_NeedsLock(int count)
    {
        var from = _links.Length;
        Array.Resize(ref _links, Math.Max(count, Math.Max(64, from * 2)));
        _links.AsSpan(from).Fill((None, None));
    }

    private void Unlink_NeedsLock(int server)
    {
        var (older, newer) = _links[server];
        if (older == None)
        {
            _oldest = newer;
        }
        else
        {
            _links[older].Newer = newer;
        }

        if (newer == None)
        {
            _newest = older;
        }
        else
        {
            _links[newer].Older = older;
        }

        _links[server] = (None, None);
        _count--;
    }
}
