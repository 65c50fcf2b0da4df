using System.Collections.Immutable;

namespace Orleans.Inference.Grains.Contracts;

/// <summary>Which pools there are in the cluster.</summary>
/// <remarks>One grain, key <see cref="GrainKeys.Directory"/>. Rebuilt from discovery, which repeats itself.</remarks>
[Alias("Orleans.Inference.IPoolDirectoryGrain")]
public interface IPoolDirectoryGrain : IGrainWithStringKey
{
    /// <summary>
    /// Tells which pools there are, to be repeated every few seconds; the same again changes nothing. Pools that are not among them any more are
    /// deleted (<see cref="IPoolGrain.Delete"/>) in the background.
    /// </summary>
    [Alias("SetPools")]
    Task SetPools(ImmutableArray<PoolSpec> pools);

    /// <summary>The pools now.</summary>
    [Alias("GetPools")]
    Task<PoolDirectory> GetPools();

    /// <summary>Subscribes, or renews a subscription; one that is not renewed within some seconds ends.</summary>
    /// <param name="gatewayId">Names the subscriber: unique to a process and its start.</param>
    /// <param name="observer">Gets the changes.</param>
    /// <param name="knownEpoch">Epoch of what the subscriber has; <see cref="Guid.Empty"/> for nothing.</param>
    /// <param name="knownVersion">Version of what the subscriber has.</param>
    /// <returns>The pools; null where what the subscriber has is current.</returns>
    [Alias("Subscribe")]
    Task<PoolDirectory?> Subscribe(string gatewayId, IPoolDirectoryObserver observer, Guid knownEpoch, long knownVersion);

    /// <summary>Ends a subscription.</summary>
    [Alias("Unsubscribe")]
    Task Unsubscribe(string gatewayId);
}
