using Orleans.Inference.ExtProcGateway.Hosting;

namespace Orleans.Inference.ExtProcGateway.View;

/// <inheritdoc cref="IPoolRouter"/>
internal sealed class PoolRouter(PoolRegistry registry, GatewayOptions options) : IPoolRouter
{
    private RoutingTable? _table;

    /// <inheritdoc/>
    public PoolState? Resolve(string authority, int localPort)
    {
        var table = Volatile.Read(ref _table);
        if (table is null || !table.IsOf(registry))
        {
            table = Rebuild();
        }

        return table.Resolve(authority, localPort);
    }

    private RoutingTable Rebuild()
    {
        var table = new RoutingTable(registry, options);
        Volatile.Write(ref _table, table);
        return table;
    }
}
