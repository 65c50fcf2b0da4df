using System.Collections.Immutable;

namespace Orleans.Inference.Grains.Contracts;

/// <summary>Which pools there are in the cluster.</summary>
/// <remarks>One grain, key <see cref="GrainKeys.Directory"/>. Rebuilt from discovery, which repeats itself. Callers repeat themselves too, so none waits long for a silo that has died.</remarks>
[Alias("Orleans.Inference.IPoolDirectoryGrain")]
public interface IPoolDirectoryGrain : IGrainWithStringKey
{
    /// <summary>
    /// Tells which pools there are, to be repeated every few seconds; the same again changes nothing. Pools that are not among them any more are
    /// deleted (<see cref="IPoolGrain.Delete"/>) in the background.
    /// </summary>
    [Alias("SetPools"), ResponseTimeout("00:00:05")]
    Task SetPools(ImmutableArray<PoolSpec> pools);

    /// <summary>The pools now.</summary>
    [Alias("GetPools"), ResponseTimeout("00:00:05")]
    Task<PoolDirectory> GetPools();

    /// <summary>Subscribes, or renews a subscription; one that is not renewed within some seconds ends.</summary>
    /// <param name="gatewayId">Names the subscriber: unique to a process and its start.</param>
    /// <param name="observer">Gets the changes.</param>
    /// <param name="knownEpoch">Epoch of what the subscriber has; <see cref="Guid.Empty"/> for nothing.</param>
    /// <param name="knownVersion">Version of what the subscriber has.</param>
    /// <returns>The pools; null where what the subscriber has is current.</returns>
    [Alias("Subscribe"), ResponseTimeout("00:00:05")]
    Task<PoolDirectory?> Subscribe(string gatewayId, IPoolDirectoryObserver observer, Guid knownEpoch, long knownVersion);

    /// <summary>Ends a subscription.</summary>
    [Alias("Unsubscribe"), ResponseTimeout("00:00:05")]
    Task Unsubscribe(string gatewayId);
}
