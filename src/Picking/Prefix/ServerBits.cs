namespace Orleans.Inference.Picking.Prefix;

/// <summary>The servers of a block that many hold: a bit and a stamp for each server number.</summary>
/// <remarks>One writer; readers without locks see each server's bit as it was or as it is.</remarks>
internal sealed class ServerBits(int numbers)
{
    private readonly ulong[] _words = new ulong[(numbers + 63) / 64];
    private readonly uint[] _stamps = new uint[(numbers + 63) / 64 * 64];

    /// <summary>Number of servers.</summary>
    public int Count { get; private set; }

    /// <summary>Server numbers that there is room for.</summary>
    public int Room => _stamps.Length;

    /// <summary>The bits, 64 numbers a word.</summary>
    public ReadOnlySpan<ulong> Words => _words;

    /// <summary>Bytes of the object and its arrays.</summary>
    public long AllocatedBytes => 40 + (2 * 24) + (_words.Length * sizeof(ulong)) + (_stamps.Length * sizeof(uint));

    public bool Contains(int server) => server < Room && (_words[server >> 6] >> (server & 63) & 1) != 0;

    /// <summary>The writer's: the stamp of a server.</summary>
    public ref uint Stamp(int server) => ref _stamps[server];

    /// <summary>The writer's: adds a server that is not there and for which there is room.</summary>
    public void Add(int server, uint stamp)
    {
        _stamps[server] = stamp;
        ref var word = ref _words[server >> 6];
        Volatile.Write(ref word, word | (1UL << (server & 63)));
        Count++;
    }

    /// <summary>The writer's: removes a server that is there.</summary>
    public void Remove(int server)
    {
        ref var word = ref _words[server >> 6];
        Volatile.Write(ref word, word & ~(1UL << (server & 63)));
        Count--;
    }
}
