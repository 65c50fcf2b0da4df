namespace Orleans.Inference.Picking;

/// <summary>Finds model servers by id.</summary>
/// <remarks>Immutable, safe from any thread; a lookup allocates nothing.</remarks>
public sealed class IdIndex
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    internal IdIndex(ReadOnlySpan<ModelServer> servers)
    {
        var byId = new Dictionary<string, int>(servers.Length, StringComparer.Ordinal);
        for (var i = 0; i < servers.Length; i++)
        {
            byId[servers[i].Id] = i;
        }

        _lookup = byId.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Index into the view of the server with an id; -1 where there is none.</summary>
    public int Find(ReadOnlySpan<char> id) => _lookup.TryGetValue(id, out var server) ? server : -1;
}
