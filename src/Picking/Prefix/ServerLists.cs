using System.Numerics;

namespace Orleans.Inference.Picking.Prefix;

/// <summary>Lists of servers with a stamp each, all with room for the same number, in shared arrays: the sets of blocks that a few servers hold.</summary>
/// <remarks>One writer, readers without locks; a list's memory is used again after <see cref="Free"/>, so its owner tells the readers first (<see cref="BlockTable.Invalidate"/>).</remarks>
internal sealed class ServerLists(int room)
{
    /// <summary>An entry that names no server.</summary>
    public const ushort Hole = ushort.MaxValue;

    private const int None = -1;
    private const int ChunkEntries = 4096;

    private readonly int _listBits = BitOperations.Log2((uint)Math.Max(1, ChunkEntries / room));
    private ushort[][] _servers = [];
    private uint[][] _stamps = [];
    private int _made;
    private int _freed = None;

    /// <summary>Entries in a list, a power of two.</summary>
    public int Room => room;

    /// <summary>Bytes of the arrays.</summary>
    public long AllocatedBytes => (long)_servers.Length * (room << _listBits) * (sizeof(ushort) + sizeof(uint));

    /// <summary>The servers of a list, with holes between them.</summary>
    public ReadOnlySpan<ushort> Servers(int list) => Writable(list);

    /// <summary>The writer's: the same, to change.</summary>
    public Span<ushort> Writable(int list) => Volatile.Read(ref _servers)[list >> _listBits].AsSpan(Offset(list), room);

    /// <summary>The writer's: the stamps of a list, entry by entry.</summary>
    public Span<uint> Stamps(int list) => _stamps[list >> _listBits].AsSpan(Offset(list), room);

    /// <summary>The writer's: an empty list.</summary>
    public int Take()
    {
        int list;
        if (_freed != None)
        {
            list = _freed;
            _freed = (int)Stamps(list)[0];
        }
        else
        {
            if (_made == _servers.Length << _listBits)
            {
                _stamps = [.. _stamps, new uint[room << _listBits]];
                Volatile.Write(ref _servers, [.. _servers, new ushort[room << _listBits]]);
            }

            list = _made++;
        }

        Writable(list).Fill(Hole);
        return list;
    }

    /// <summary>The writer's: gives a list back that no reader can reach any more.</summary>
    public void Free(int list)
    {
        Stamps(list)[0] = unchecked((uint)_freed);
        _freed = list;
    }

    private int Offset(int list) => (list & ((1 << _listBits) - 1)) * room;
}
