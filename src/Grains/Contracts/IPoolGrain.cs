namespace Orleans.Inference.Grains.Contracts;

/// <summary>One InferencePool: its membership, the merged figures of its model servers, and the gateways that follow it.</summary>
/// <remarks>
/// Key: <c>namespace/name</c>. Holds nothing that can't be rebuilt: membership comes from discovery, which repeats itself, figures come
/// from the model-server grains. No method waits for another grain. Callers repeat themselves, so none waits long for a silo that has died.
/// </remarks>
[Alias("Orleans.Inference.IPoolGrain")]
public interface IPoolGrain : IGrainWithStringKey
{
    /// <summary>
    /// Tells the pool what it is made of. Returns as soon as that is noted; model-server grains are started and stopped in the background.
    /// The same membership again changes nothing.
    /// </summary>
    [Alias("SetMembership"), ResponseTimeout("00:00:05")]
    Task SetMembership(PoolMembership membership);

    /// <summary>
    /// Cheap repetition of <see cref="SetMembership"/>, to be called every few seconds: true where the pool holds the membership of that
    /// <see cref="PoolMembership.Revision"/>; false where it must be set (again), as after a new activation.
    /// </summary>
    [Alias("ConfirmMembership"), ResponseTimeout("00:00:05")]
    Task<bool> ConfirmMembership(long revision);

    /// <summary>The pool was deleted: stops its model servers' grains and forgets everything.</summary>
    [Alias("Delete"), ResponseTimeout("00:00:05")]
    Task Delete();

    /// <summary>Takes one silo's figures. At most one call for each silo is in flight.</summary>
    [Alias("Report"), ResponseTimeout("00:00:02")]
    Task<ReportReply> Report(ReportBatch batch);

    /// <summary>Subscribes a gateway, or renews its subscription; one that is not renewed within some seconds ends.</summary>
    /// <param name="gatewayId">Names the subscriber: unique to a process and its start.</param>
    /// <param name="observer">Gets the frames.</param>
    /// <param name="knownEpoch">Epoch of what the gateway has; <see cref="Guid.Empty"/> for nothing.</param>
    /// <param name="knownVersion">Version of what the gateway has.</param>
    [Alias("Subscribe"), ResponseTimeout("00:00:05")]
    Task<PoolSubscription> Subscribe(string gatewayId, IPoolObserver observer, Guid knownEpoch, long knownVersion);

    /// <summary>Ends a subscription.</summary>
    [Alias("Unsubscribe"), ResponseTimeout("00:00:05")]
    Task Unsubscribe(string gatewayId);

    /// <summary>All that the pool knows now; null before it has a membership.</summary>
    [Alias("GetSnapshot")]
    Task<PoolSnapshot?> GetSnapshot();
}
