using Orleans.Inference.Grains.Contracts;
using Orleans.Inference.Grains.Pools;

namespace Orleans.Inference.ExtProcGateway.Tests.View;

/// <summary>A pool grain's end of a subscription, whose answers a test decides.</summary>
internal sealed class TablePool(PoolTable table)
{
    public PoolTable Table { get; set; } = table;

    public IPoolObserver? Observer { get; private set; }

    /// <summary>What subscribers said that they know.</summary>
    public List<(Guid Epoch, long Version)> Subscriptions { get; } = [];

    public int Unsubscribed { get; private set; }

    /// <summary>Comes before the answer to a subscription.</summary>
    public Func<Task> BeforeAnswer { get; set; } = () => Task.CompletedTask;

    /// <summary>Answers "unknown", as a grain does that has no membership.</summary>
    public bool HasNoMembership { get; set; }

    public async Task<PoolSubscription> Subscribe(string gatewayId, IPoolObserver observer, Guid knownEpoch, long knownVersion)
    {
        Observer = observer;
        lock (Subscriptions)
        {
            Subscriptions.Add((knownEpoch, knownVersion));
        }

        var answer = HasNoMembership ? new PoolSubscription(PoolSubscriptionState.Unknown, null)
            : knownEpoch == Table.Epoch && knownVersion == Table.Version ? new PoolSubscription(PoolSubscriptionState.Current, null)
            : new PoolSubscription(PoolSubscriptionState.Snapshot, Table.Snapshot(0));
        await BeforeAnswer();
        return answer;
    }

    public Task Unsubscribe(string gatewayId)
    {
        Unsubscribed++;
        return Task.CompletedTask;
    }
}
